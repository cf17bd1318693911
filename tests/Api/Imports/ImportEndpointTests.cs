using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CioOrleans.Api.Imports;
using CioOrleans.Api.Routing;
using CioOrleans.Api.Submission;
using CioOrleans.Api.Tests.Submission;
using CioOrleans.Api.Tests.Http;
using CioOrleans.Api.Track;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Imports;
using CioOrleans.Silo.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CioOrleans.Api.Tests.Imports;

/// <summary>The import over HTTP, on a real Kestrel, with a recording sink in place of the cluster.</summary>
public sealed class ImportEndpointTests : IAsyncLifetime, IDisposable
{
    private const string Import = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private readonly RecordingSink _sink = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var import = FakeGrains.Create<IImportGrain>((_, _) => ValueTask.FromResult(new ImportStatus(default, null, default, 0, 0, null, default)));
        builder.Services.AddSingleton(TestWorkspaces.Keys);
        builder.Services.AddSingleton(FakeGrains.Create<IGrainFactory>((_, _) => import));
        builder.Services.AddSingleton<ICallSink>(_sink);
        builder.Services.AddSingleton(FakeGrains.Create<IPermitClock>((_, _) => null));
        builder.Services.AddSingleton<IReadOnlyList<WorkspaceSettings>>([TestWorkspaces.Named("acme", "site", "key")]);
        builder.Services.AddTrackApi(new ApiSettings(DefaultWorkspace: null, MaxBodyBytes: 1024));
        builder.Services.AddImportApi();
        _app = builder.Build();
        _app.MapWireApis();
        _app.MapImports();
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        _http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(Front.Credentials);
    }

    public void Dispose() => _http.Dispose();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Every_person_gets_a_line_in_order_and_a_summary_follows()
    {
        var (status, body) = await SendAsync($"?import={Import}", "{\"id\":\"1\"}\n\n  \nno\n{\"email\":\"a@b.c\",\"event\":{\"name\":\"x\"}}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            [
                """{"row":1,"status":"accepted"}""",
                """{"row":2,"status":"invalid","error":"The line is no JSON: 'no' is an invalid JSON literal. Expected the literal 'null'. LineNumber: 0 | BytePositionInLine: 1."}""",
                """{"row":3,"status":"accepted"}""",
                $$"""{"import":"{{Import}}","rows":3,"accepted":2,"invalid":1,"unavailable":0,"complete":true}""",
            ],
            Lines(body));
        Assert.Equal([("id:1", CallKind.Identify), ("email:a@b.c", CallKind.Identify), ("email:a@b.c", CallKind.Event)], _sink.Calls.Select(call => (call.Customer, call.Call.Kind)));
        Assert.All(_sink.Calls, call => Assert.Equal(("acme", CallPriority.Bulk), (call.Workspace, call.Call.Priority)));
        Assert.All(_sink.Calls, call => Assert.Equal(Import, call.Call.Notes.Import.ToString()));
    }

    [Fact]
    public async Task Only_the_refused_are_told_where_that_is_asked_for()
    {
        var (_, body) = await SendAsync($"?import={Import}&results=refused&rows=9", "{\"id\":\"1\"}\n{\"id\":true}\n");

        Assert.Equal(["""{"row":2,"status":"invalid","error":"'id' is no text. Put it in quotes."}""", $$"""{"import":"{{Import}}","rows":2,"accepted":1,"invalid":1,"unavailable":0,"complete":true}"""], Lines(body));
    }

    [Fact]
    public async Task A_body_may_be_packed()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync("{\"id\":\"1\"}\n{\"id\":\"2\"}\n"u8.ToArray());
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await _http.PostAsync(new Uri("/bulk/identify", UriKind.Relative), content);

        Assert.Equal(2, _sink.Calls.Count);
        Assert.True(Ulid.TryParse(response.Headers.GetValues("Import-Id").Single(), out _));
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_refused_and_the_next_is_read()
    {
        var (_, body) = await SendAsync($"?import={Import}", new string('x', 1_025) + "\n{\"id\":\"1\"}\n");

        Assert.Equal(
            [
                """{"row":1,"status":"invalid","error":"The line is longer than 1024 bytes. Leave some attributes out."}""",
                """{"row":2,"status":"accepted"}""",
                $$"""{"import":"{{Import}}","rows":2,"accepted":1,"invalid":1,"unavailable":0,"complete":true}""",
            ],
            Lines(body));
    }

    [Fact]
    public async Task Where_nothing_can_be_stored_it_says_from_which_row_to_go_on()
    {
        _sink.Answer = new AcceptResult.Unavailable("The disk is full.", TimeSpan.FromMinutes(1));

        var (_, body) = await SendAsync($"?import={Import}", "{\"id\":\"1\"}\n");

        Assert.Equal(
            ["""{"row":1,"status":"unavailable","error":"The disk is full.","retryAfter":60}""", $$"""{"import":"{{Import}}","rows":1,"accepted":0,"invalid":0,"unavailable":1,"complete":false}"""],
            Lines(body));
    }

    [Theory]
    [InlineData("?import=42", "'import' is no ULID. Leave it out to get a new one, or give the one of an earlier part.")]
    [InlineData("?rows=0", "'rows' is a whole number from 1: how many people there are in all.")]
    [InlineData("?results=none", "'results' is 'all' or 'refused'.")]
    [InlineData("?row=1", "'row' is not known here. There are import, rows and results.")]
    public async Task A_wrong_query_is_refused(string query, string error) =>
        Assert.Equal((HttpStatusCode.BadRequest, $$$"""{"meta":{"error":"{{{error}}}"}}"""), await SendAsync(query, "{\"id\":\"1\"}\n"));

    [Fact]
    public async Task Without_the_workspaces_credentials_nothing_is_taken()
    {
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("site:wrong"u8));

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync("", "{\"id\":\"1\"}\n")).Status);
        Assert.Empty(_sink.Calls);
    }

    private static string[] Lines(string body) => body.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string query, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        using var response = await _http.PostAsync(new Uri($"/bulk/identify{query}", UriKind.Relative), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
