using System.CommandLine;

namespace DataMaintenance.Cli;

/// <summary><c>completion</c>: a script by which a shell completes commands and options; it asks the executable what fits.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh or fish" };

    public static Command Build()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "A completion script for a shell, to be sourced by it.") { Shell };
        command.SetAction(parsed => Console.Out.Write(Script(parsed.GetValue(Shell)!)));
        return command;
    }

    internal static string Script(string shell) => shell switch
    {
        "bash" =>
            """
            # source <(data-maintenance completion bash)
            _data_maintenance() {
              local line="data-maintenance${COMP_LINE#"${COMP_WORDS[0]}"}"
              local point=$((COMP_POINT - ${#COMP_WORDS[0]} + 16))
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$point]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _data_maintenance data-maintenance ./data-maintenance

            """,
        "zsh" =>
            """
            # source <(data-maintenance completion zsh)
            _data_maintenance() {
              local line="data-maintenance${BUFFER#${words[1]}}"
              local point=$((CURSOR - ${#words[1]} + 16))
              local -a found
              found=("${(@f)$("${words[1]}" "[suggest:$point]" "$line" 2>/dev/null)}")
              compadd -a found
            }
            compdef _data_maintenance data-maintenance

            """,
        _ =>
            """
            # data-maintenance completion fish | source
            complete -f -c data-maintenance -a '(data-maintenance "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'

            """,
    };
}
