# SPDX-License-Identifier: Apache-2.0
# Completion for bash: commands, the options that --help lists, files.
_accelsim() {
    local current=${COMP_WORDS[COMP_CWORD]} command=
    local commands="explain validate optimize sweep compare import diff dram rtl"
    [[ $COMP_CWORD -le 1 || " $commands " != *" ${COMP_WORDS[1]} "* ]] || command=${COMP_WORDS[1]}
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" $command --help 2>/dev/null | grep -oE -- '(^| |,)--?[a-z][a-z-]*' | tr -d ' ,' | sort -u)" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        [[ $COMP_CWORD -ne 1 ]] || mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$commands" -- "$current")
    fi
}
complete -o filenames -F _accelsim accelsim ./accelsim
