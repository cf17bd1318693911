using System.CommandLine;

namespace CioOrleans.Cli.Commands;

/// <summary>Options of a command that are parameters of a request's query, under the same names.</summary>
internal sealed class QueryOptions
{
    /// <summary>How times are written.</summary>
    public const string Time = "a time (2026-11-27T15:00Z), today, yesterday, or how long ago (90m, 24h, 7d)";

    /// <summary>What names a customer.</summary>
    public const string Customer = "Of one customer: an id, an e-mail address, or id:42, email:ann@example.com, cio:03.";

    /// <summary>What names a kind of call.</summary>
    public const string Kind = "Of one kind of call, such as event or identify.";

    /// <summary>The classes of statuses.</summary>
    public const string Status = "success, failure, 3xx, 4xx, 5xx, none (no answer), dead-letter";

    private readonly Option<string?>[] _options;

    /// <summary>Adds the options to a command.</summary>
    public QueryOptions(Command command, params IEnumerable<(string Name, string Description)> options)
    {
        _options = [.. options.Select(option => new Option<string?>($"--{option.Name}") { Description = option.Description })];
        foreach (var option in _options)
        {
            command.Add(option);
        }
    }

    /// <summary>The options, for a message.</summary>
    public string Names => string.Join(", ", _options.Select(option => option.Name));

    /// <summary>The parameters that were given, in the order of the options.</summary>
    public List<string> Read(ParseResult parse) =>
        [.. _options.Where(option => parse.GetValue(option) is not null).Select(option => $"{option.Name.TrimStart('-')}={Uri.EscapeDataString(parse.GetValue(option)!)}")];
}
