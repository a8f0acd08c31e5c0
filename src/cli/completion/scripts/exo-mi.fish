# Completion of exo-mi for fish: it asks the program.
function __exo_mi_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --current-token --cut-at-cursor)
    set -l answer ($words[1] complete --shell fish --current="$current" -- $words[2..-1] 2>/dev/null)
    if test "$answer" = '<files>'
        __fish_complete_path "$current"
    else
        printf '%s\n' $answer
    end
end
complete --command exo-mi --no-files --arguments '(__exo_mi_complete)'
