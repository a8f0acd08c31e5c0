#compdef exo-mi
# Completion of exo-mi for zsh: it asks the program.
_exo_mi() {
    local line value
    local -a values shown
    local -a answer=("${(@f)$("${words[1]}" complete --shell zsh --current="${(Q)words[CURRENT]}" -- "${(@Q)words[2,CURRENT-1]}" 2>/dev/null)}")
    for line in $answer; do
        if [[ $line == '<files>' ]]; then
            compset -P '*='
            _files
            return
        fi
        value=${line%%$'\t'*}
        values+=("$value")
        shown+=("$value${${line#*$'\t'}:+  -- ${line#*$'\t'}}")
    done
    (( $#values )) && compadd -M 'm:{a-zA-Z}={A-Za-z}' -l -d shown -a values
}
if [[ $funcstack[1] == _exo-mi ]]; then
    _exo_mi "$@"
else
    compdef _exo_mi exo-mi
fi
