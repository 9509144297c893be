/*
 * completion.c - `iksim completion`: the lines that make a shell complete the
 * calls of iksim. The shell asks `iksim completion words` at each completion,
 * so the lines stay as they are when a command changes.
 */
#include <stdio.h>

#include "cli/commands/commands.h"

/* bash ends words at `=` and `:`. So the line is taken apart anew, and each
   reply loses the part that bash does not replace. */
static const char bash_script[] =
    "# Bash completes the calls of iksim with this:\n"
    "#     source <(iksim completion bash)\n"
    "_iksim() {\n"
    "    local line=${COMP_LINE:0:COMP_POINT} words=() reply word before\n"
    "    read -ra words <<<\"$line\"\n"
    "    [[ $line == *[[:blank:]] ]] && words+=('')\n"
    "    word=${words[-1]}\n"
    "    before=${word%\"${word##*[=:]}\"}\n"
    "    COMPREPLY=()\n"
    "    while IFS=$'\\t' read -r reply _; do\n"
    "        if [[ $reply == :files ]]; then\n"
    "            compopt -o filenames\n"
    "            while read -r reply; do\n"
    "                COMPREPLY+=(\"$reply\")\n"
    "            done < <(compgen -f -- \"${word#\"$before\"}\")\n"
    "        else\n"
    "            [[ $reply == *= ]] && compopt -o nospace\n"
    "            COMPREPLY+=(\"${reply#\"$before\"}\")\n"
    "        fi\n"
    "    done < <(\"${words[0]}\" completion words -- \"${words[@]:1}\" "
    "2>/dev/null)\n"
    "}\n"
    "complete -F _iksim iksim\n";

static const char zsh_script[] =
    "#compdef iksim\n"
    "# Zsh completes the calls of iksim with this, after compinit:\n"
    "#     source <(iksim completion zsh)\n"
    "_iksim() {\n"
    "    local line reply help tab=$'\\t'\n"
    "    local -a replies helps\n"
    "    for line in \"${(@f)$(\"${words[1]}\" completion words -- \\\n"
    "        \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\"; do\n"
    "        reply=${line%%$tab*}\n"
    "        help=${line#*$tab}\n"
    "        if [[ $line == :files ]]; then\n"
    "            compset -P '*='\n"
    "            _files\n"
    "        elif [[ $line == *= ]]; then\n"
    "            compadd -S '' -- \"$reply\"\n"
    "        elif [[ -n $line ]]; then\n"
    "            replies+=(\"$reply\")\n"
    "            [[ $reply == \"$line\" ]] && helps+=(\"$reply\") ||\n"
    "                helps+=(\"$reply  -- $help\")\n"
    "        fi\n"
    "    done\n"
    "    (( $#replies )) && compadd -l -d helps -- $replies\n"
    "}\n"
    "# As a file of $fpath it is the function itself, and called.\n"
    "if [[ $funcstack[1] == _iksim ]]; then\n"
    "    _iksim \"$@\"\n"
    "else\n"
    "    compdef _iksim iksim\n"
    "fi\n";

static const char fish_script[] =
    "# fish completes the calls of iksim with this:\n"
    "#     iksim completion fish | source\n"
    "function __iksim_words\n"
    "    set -l words (commandline -opc) (commandline -ct)\n"
    "    for line in ($words[1] completion words -- $words[2..-1] "
    "2>/dev/null)\n"
    "        if test \"$line\" = :files\n"
    "            set -l typed (commandline -ct)\n"
    "            set -l path (string replace -r '^--[^=]*=' '' -- $typed)\n"
    "            set -l before (string replace -r '[^=]*$' '' -- $typed)\n"
    "            test \"$path\" = \"$typed\"; and set before ''\n"
    "            for file in (__fish_complete_path $path)\n"
    "                echo $before$file\n"
    "            end\n"
    "        else\n"
    "            echo $line\n"
    "        end\n"
    "    end\n"
    "end\n"
    "complete -c iksim -f -a '(__iksim_words)'\n";

struct call {
    struct cli_words words;
};

static const struct cli_option argument_rows[] = {
    { .name = "word",
      .argument = "WORD",
      CLI_WORDS(struct call, words),
      .help = "The words are those behind `iksim`, up to the one that is "
              "completed, which may be empty." },
    CLI_END
};

static int run_words(const struct command *self, void *ctx)
{
    (void)self;
    const struct call *call = ctx;
    cli_complete(&command_iksim, call->words.count, call->words.items);
    return CLI_DONE;
}

static int run_bash(const struct command *self, void *ctx)
{
    (void)self;
    (void)ctx;
    fputs(bash_script, stdout);
    return CLI_DONE;
}

static int run_zsh(const struct command *self, void *ctx)
{
    (void)self;
    (void)ctx;
    fputs(zsh_script, stdout);
    return CLI_DONE;
}

static int run_fish(const struct command *self, void *ctx)
{
    (void)self;
    (void)ctx;
    fputs(fish_script, stdout);
    return CLI_DONE;
}

static const struct command for_bash = {
    .name = "completion bash",
    .summary = "Prints what makes bash complete the calls of iksim",
    .exits = { [CLI_EXIT_DONE] = "The lines are printed." },
    .examples =
        (const struct cli_example[]){
            { "For this shell, or in ~/.bashrc for all that come",
              "source <(iksim completion bash)" },
            { NULL, NULL } },
    .run = run_bash,
};

static const struct command for_zsh = {
    .name = "completion zsh",
    .summary = "Prints what makes zsh complete the calls of iksim",
    .exits = { [CLI_EXIT_DONE] = "The lines are printed." },
    .examples =
        (const struct cli_example[]){ { "Behind compinit, in ~/.zshrc",
                                        "source <(iksim completion zsh)" },
                                      { NULL, NULL } },
    .run = run_zsh,
};

static const struct command for_fish = {
    .name = "completion fish",
    .summary = "Prints what makes fish complete the calls of iksim",
    .exits = { [CLI_EXIT_DONE] = "The lines are printed." },
    .examples =
        (const struct cli_example[]){ { "In ~/.config/fish/config.fish",
                                        "iksim completion fish | source" },
                                      { NULL, NULL } },
    .run = run_fish,
};

static const struct command words = {
    .name = "completion words",
    .summary = "Prints what may stand in the place of the last word",
    .about = "The shells ask this. Each line is a word, with what it means "
             "behind a tab; a line `:files` says that names of files may stand "
             "there, too.",
    .arguments = argument_rows,
    .exits = { [CLI_EXIT_DONE] = "The words are printed.",
               [CLI_EXIT_USAGE] = "No word is named." },
    .examples = (const struct cli_example[]){ { "The options of a command",
                                                "iksim completion words -- run "
                                                "--" },
                                              { NULL, NULL } },
    .size_bytes = sizeof(struct call),
    .run = run_words,
};

const struct command command_completion = {
    .name = "completion",
    .summary = "Makes a shell complete commands, options and their values",
    .commands = (const struct command *const[]){ &for_bash, &for_zsh, &for_fish,
                                                 &words, NULL },
};
