using System.CommandLine;
using CioOrleans.Cli.Output;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl settings</c>: shows the settings of the dispatcher that answers, and where each comes from.</summary>
internal static class SettingsCommand
{
    public static Command Create()
    {
        var all = new Option<bool>("--all") { Description = "Show also the settings that have their default." };
        var json = new Option<bool>("--json") { Description = "Print the dispatcher's own answer." };
        var command = new Command("settings", "Shows the settings of the dispatcher, and where each value comes from. Secrets are not shown.") { all, json };
        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            using var client = server.Connect(parse);
            var answer = await client.SettingsAsync(stop);
            if (parse.GetValue(json))
            {
                Console.WriteLine(answer.GetRawText());
                return ExitCode.Done;
            }

            foreach (var setting in answer.GetProperty("settings").EnumerateArray().Where(setting => parse.GetValue(all) || setting.GetProperty("source").GetString() != "default"))
            {
                var value = setting.GetProperty("isSecret").GetBoolean() ? "(secret)" : setting.GetProperty("value").GetString() ?? "-";
                Console.WriteLine(TerminalText.Escape($"{setting.GetProperty("key")} = {value}  ({setting.GetProperty("source")})"));
            }

            return ExitCode.Done;
        });
        return command;
    }
}
