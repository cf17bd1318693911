using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace CioOrleans.Cli.Connection;

/// <summary>
/// The client of the dispatcher's admin listener and of its imports. A failed request throws a <see cref="CliException"/>; <see cref="SendPartAsync"/>
/// returns a failure that a repeat may fix.
/// </summary>
internal sealed class DispatcherClient : IDisposable
{
    /// <summary>The dispatcher's maximum.</summary>
    private const int MaxPage = 1_000;

    private readonly Uri _url;
    private readonly Uri _adminUrl;
    private readonly string? _adminKey;
    private readonly HttpClient _http;

    public DispatcherClient(Uri url, Uri adminUrl, string? adminKey)
    {
        _url = url;
        _adminUrl = adminUrl;
        _adminKey = adminKey;

        // No time-out: a part of an import may take as long as its delivery.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
    }

    public Uri Url => _url;

    public void Dispose() => _http.Dispose();

    public async Task<IReadOnlyList<string>> WorkspacesAsync(CancellationToken stop)
    {
        var answer = await AdminAsync(HttpMethod.Get, "/admin/workspaces", null, stop);
        return [.. answer.GetProperty("workspaces").EnumerateArray().Select(name => name.GetString()!)];
    }

    /// <summary>Reads the silos and the owners of the workspaces.</summary>
    public Task<JsonElement> ClusterAsync(CancellationToken stop) => AdminAsync(HttpMethod.Get, "/admin/cluster", null, stop);

    /// <summary>Reads the settings of the process that answers.</summary>
    public Task<JsonElement> SettingsAsync(CancellationToken stop) => AdminAsync(HttpMethod.Get, "/admin/settings", null, stop);

    /// <summary>Makes a silo hand over its workspaces.</summary>
    public Task<JsonElement> DrainAsync(string silo, CancellationToken stop) => AdminAsync(HttpMethod.Post, $"/admin/cluster/{Uri.EscapeDataString(silo)}/drain", null, stop);

    /// <summary>Sends an admin request of a workspace, which must succeed.</summary>
    public Task<JsonElement> AdminAsync(HttpMethod method, string workspace, string path, JsonElement? body, CancellationToken stop) =>
        AdminAsync(method, PathOf(workspace, path), body, stop);

    /// <summary>Sends an admin request of a workspace. Null if the answer is 404.</summary>
    public async Task<JsonElement?> FindAsync(HttpMethod method, string workspace, string path, CancellationToken stop)
    {
        using var response = await SendAdminAsync(method, PathOf(workspace, path), null, stop);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(response, stop);
    }

    /// <summary>Reads a list of a workspace page by page.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="path">The list, with its filter if there is one.</param>
    /// <param name="member">The member of a page that holds its entries.</param>
    /// <param name="limit">The maximum number of entries.</param>
    /// <param name="stop">Ends the reading.</param>
    public async IAsyncEnumerable<JsonElement> ListAsync(string workspace, string path, string member, int limit, [EnumeratorCancellation] CancellationToken stop)
    {
        var (query, after) = (path.Contains('?', StringComparison.Ordinal) ? '&' : '?', "");
        for (var left = limit; left > 0;)
        {
            var page = await AdminAsync(HttpMethod.Get, workspace, $"{path}{query}limit={Math.Min(left, MaxPage)}{after}", null, stop);
            foreach (var entry in page.GetProperty(member).EnumerateArray())
            {
                left--;
                yield return entry;
            }

            if (page.GetProperty("next").GetString() is not { } next)
            {
                yield break;
            }

            after = $"&after={Uri.EscapeDataString(next)}";
        }
    }

    /// <summary>Sends a part of an import as JSON lines.</summary>
    public async Task<PartAnswer> SendPartAsync((string SiteId, string ApiKey) credentials, Ulid import, long rows, ReadOnlyMemory<byte> lines, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/bulk/identify?import={import}&rows={rows}&results=refused") { Content = new ReadOnlyMemoryContent(lines) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.SiteId}:{credentials.ApiKey}")));
        try
        {
            using var response = await _http.SendAsync(request, stop);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => PartAnswer.Read(await response.Content.ReadAsStringAsync(stop)),
                HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable =>
                    new PartAnswer.Busy(await ErrorAsync(response, stop), response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1)),
                HttpStatusCode.Unauthorized => throw new CliException(
                    ExitCode.NotAllowed, "The dispatcher does not know this site id and API key. Set CIO_SITE_ID and CIO_API_KEY to those of its workspace."),
                HttpStatusCode.NotFound => throw new CliException(ExitCode.Usage, $"{_url} knows no imports. Is it the dispatcher, and of this version?"),
                _ => throw new CliException(ExitCode.Unreachable, $"{_url} answered {(int)response.StatusCode}: {await ErrorAsync(response, stop)}"),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new PartAnswer.Lost(exception.Message);
        }
    }

    private static string PathOf(string workspace, string path) => $"/admin/workspaces/{Uri.EscapeDataString(workspace)}{path}";

    private async Task<JsonElement> AdminAsync(HttpMethod method, string path, JsonElement? body, CancellationToken stop)
    {
        using var response = await SendAdminAsync(method, path, body, stop);
        return await ReadAsync(response, stop);
    }

    private async Task<HttpResponseMessage> SendAdminAsync(HttpMethod method, string path, JsonElement? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, new Uri(_adminUrl, path));
        if (_adminKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _adminKey);
        }

        if (body is { } json)
        {
            request.Content = JsonContent.Create(json, CliJson.Default.JsonElement);
        }

        try
        {
            return await _http.SendAsync(request, stop);
        }
        catch (HttpRequestException exception)
        {
            throw new CliException(ExitCode.Unreachable, $"The dispatcher's admin listener at {_adminUrl} cannot be reached: {exception.Message}. Is the dispatcher running? Give the address of Dispatcher:Admin:Url with --admin-url or CIO_ADMIN_URL.");
        }
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        if (response.IsSuccessStatusCode)
        {
            return await response.Content.ReadFromJsonAsync(CliJson.Default.JsonElement, stop);
        }

        var error = await ErrorAsync(response, stop);
        throw response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new CliException(ExitCode.NotAllowed, "The dispatcher wants an admin key: set CIO_ADMIN_KEY to what Dispatcher:Admin:ApiKey or Dispatcher:Admin:Keys says."),
            HttpStatusCode.Forbidden => new CliException(ExitCode.NotAllowed, error),
            HttpStatusCode.NotFound => new CliException(ExitCode.Usage, error),
            HttpStatusCode.BadRequest => new CliException(ExitCode.Usage, error),
            _ => new CliException(ExitCode.Unreachable, $"{_adminUrl} answered {(int)response.StatusCode}: {error}"),
        };
    }

    private static async Task<string> ErrorAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var text = await response.Content.ReadAsStringAsync(stop);
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.GetProperty("meta").GetProperty("error").GetString() ?? text;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return text.Length > 0 ? text : response.ReasonPhrase ?? "no more was said";
        }
    }
}
