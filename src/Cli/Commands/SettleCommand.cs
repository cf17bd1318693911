using System.CommandLine;

namespace CioOrleans.Cli.Commands;

/// <summary><c>cioctl replay</c> and <c>cioctl discard</c>: replay or discard dead letters.</summary>
internal static class SettleCommand
{
    public static Command Replay() => Create("replay", "Puts dead letters at the end of their customers' queues.", "replayed", HttpMethod.Post, "/replay", isFinal: false);

    public static Command Discard() => Create("discard", "Deletes dead letters for good.", "discarded", HttpMethod.Delete, "", isFinal: true);

    private static Command Create(string name, string description, string done, HttpMethod method, string suffix, bool isFinal)
    {
        var ids = new Argument<string[]>("ids") { Description = "Dead letters by their ids.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All that there are." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask back." };
        var command = new Command(name, description) { ids, all };
        if (isFinal)
        {
            command.Options.Add(yes);
        }

        var server = new ServerOptions(command);
        command.SetGuarded(async (parse, stop) =>
        {
            var named = parse.GetValue(ids)!;
            if (parse.GetValue(all) == named.Length > 0)
            {
                throw new CliException(ExitCode.Usage, $"Name dead letters by their ids (cioctl dead-letters lists them), or {name} --all.");
            }

            if (isFinal && parse.GetValue(all) && !parse.GetValue(yes))
            {
                throw new CliException(ExitCode.Usage, "This deletes every dead letter for good: say so with --yes.");
            }

            using var client = server.Connect(parse);
            var workspace = await server.WorkspaceAsync(parse, client, stop);
            if (parse.GetValue(all))
            {
                // Read all ids first. A replayed call that becomes a dead letter again is not replayed a second time.
                var found = new List<string>();
                await foreach (var letter in DeadLettersCommand.ReadAsync(client, workspace, int.MaxValue, stop))
                {
                    found.Add(letter.GetProperty("id").GetString()!);
                }

                named = [.. found];
            }

            var missing = 0;
            foreach (var id in named)
            {
                if (await client.FindAsync(method, workspace, $"/dead-letters/{Uri.EscapeDataString(id)}{suffix}", stop) is null)
                {
                    missing++;
                    await Console.Error.WriteLineAsync($"There is no dead letter '{id}'.");
                }
            }

            Console.WriteLine($"{named.Length - missing} {done}.");
            return missing == 0 ? ExitCode.Done : ExitCode.SomeRefused;
        });
        return command;
    }
}
