using System.CommandLine;
using CioOrleans.Cli.Connection;

namespace CioOrleans.Cli.Commands;

/// <summary>The options for the dispatcher's addresses, the workspace and the credentials. Each can also come from an environment variable.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string> _url = new("--url") { Description = "The dispatcher's address (CIO_URL; default http://127.0.0.1:5080)." };
    private readonly Option<string> _adminUrl = new("--admin-url") { Description = "Its admin listener's address (CIO_ADMIN_URL; default http://127.0.0.1:5079)." };
    private readonly Option<string> _workspace = new("--workspace", "-w") { Description = "The workspace (CIO_WORKSPACE; default: the only one there is)." };
    private readonly Option<string> _adminKey = new("--admin-key") { Description = "A key of the admin listener, where there are any (CIO_ADMIN_KEY)." };
    private readonly Option<string> _siteId = new("--site-id") { Description = "The workspace's site id (CIO_SITE_ID)." };
    private readonly Option<string> _apiKey = new("--api-key") { Description = "The workspace's API key (CIO_API_KEY). Rather the variable: others can read a command line." };

    public ServerOptions(Command command, bool withCredentials = false)
    {
        command.Options.Add(_url);
        command.Options.Add(_adminUrl);
        command.Options.Add(_workspace);
        command.Options.Add(_adminKey);
        if (withCredentials)
        {
            command.Options.Add(_siteId);
            command.Options.Add(_apiKey);
        }
    }

    public DispatcherClient Connect(ParseResult parse) => new(
        Url(parse, _url, "CIO_URL", "http://127.0.0.1:5080"), Url(parse, _adminUrl, "CIO_ADMIN_URL", "http://127.0.0.1:5079"), Value(parse, _adminKey, "CIO_ADMIN_KEY"));

    /// <summary>The workspace that the command line or the environment names; otherwise the only one of the dispatcher.</summary>
    public async Task<string> WorkspaceAsync(ParseResult parse, DispatcherClient client, CancellationToken stop)
    {
        if (Value(parse, _workspace, "CIO_WORKSPACE") is { } given)
        {
            return given;
        }

        var all = await client.WorkspacesAsync(stop);
        return all.Count == 1 ? all[0] : throw new CliException(ExitCode.Usage, $"Name one of the workspaces with --workspace: {string.Join(", ", all)}.");
    }

    public string? GivenWorkspace(ParseResult parse) => Value(parse, _workspace, "CIO_WORKSPACE");

    public (string SiteId, string ApiKey) Credentials(ParseResult parse) =>
        (Value(parse, _siteId, "CIO_SITE_ID"), Value(parse, _apiKey, "CIO_API_KEY")) is ({ } site, { } key)
            ? (site, key)
            : throw new CliException(ExitCode.Usage, "An import needs the workspace's site id and API key: set CIO_SITE_ID and CIO_API_KEY, or give --site-id and --api-key.");

    private static Uri Url(ParseResult parse, Option<string> option, string variable, string otherwise)
    {
        var text = Value(parse, option, variable) ?? otherwise;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url!
            : throw new CliException(ExitCode.Usage, $"'{text}' is no address: give http:// or https:// and a host with {option.Name} or {variable}.");
    }

    private static string? Value(ParseResult parse, Option<string> option, string variable) =>
        parse.GetValue(option) is { Length: > 0 } given ? given : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null;
}
