# Completion of exo-mi for bash: it asks the program.
_exo_mi() {
    local line value
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == '<files>' ]]; then
            # Not in bash 3.2, where nothing is completed then.
            compopt -o default 2>/dev/null
            continue
        fi
        # What the shell would read otherwise is quoted, such as $true.
        printf -v value %q "${line%%$'\t'*}"
        COMPREPLY+=("$value")
    done < <("$1" complete --shell bash --current="${COMP_WORDS[COMP_CWORD]}" -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
}
complete -F _exo_mi exo-mi
