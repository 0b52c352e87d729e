# Completion of highwater for bash. It asks highwater itself, as clap_complete's own script does; but keys hold colons,
# equals signs and blanks, at which bash takes words apart: here they are put together again.
_highwater() {
    local IFS=$'\013' line=$COMP_LINE words=() index=0 at word
    for ((at = 0; at < ${#COMP_WORDS[@]}; at++)); do
        word=${COMP_WORDS[at]}
        if [[ $at -gt 0 && -n $word && $line == "$word"* ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        line=${line#"${line%%[![:space:]]*}"}
        line=${line#"$word"}
        [[ $at -eq $COMP_CWORD ]] && index=$((${#words[@]} - 1))
    done

    local typed=${words[index]} quoted=
    [[ $typed == [\"\']* ]] && quoted=1
    if [[ $quoted ]]; then words[index]=${typed:1}; else words[index]=${typed//\\/}; fi
    COMPREPLY=($(_CLAP_IFS=$IFS _CLAP_COMPLETE_INDEX=$index _CLAP_COMPLETE_COMP_TYPE=$COMP_TYPE \
        _CLAP_COMPLETE_SPACE=false COMPLETE=bash highwater -- "${words[@]}"))

    # What stands before the last colon or equals sign stays as it is typed.
    local before=${words[index]}
    before=${before%"${before##*[=:]}"}
    if [[ ! $quoted ]]; then
        for at in "${!COMPREPLY[@]}"; do
            printf -v "COMPREPLY[at]" %q "${COMPREPLY[at]#"$before"}"
        done
    fi
    [[ ${COMPREPLY-} =~ [=/:]$ ]] && compopt -o nospace
    return 0
}
complete -o bashdefault -o nosort -F _highwater highwater
