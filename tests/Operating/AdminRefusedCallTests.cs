using System.Net;
using System.Text;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Refusing;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AdminRefusedCallTests : IAsyncLifetime
{
    private const string Path = "/admin/workspaces/acme";
    private const string Id = "01JZ8Q4M5T3W9V7X2Y6ZABCDEF";
    private const string Summary = $$""" "id":"{{Id}}","refusedAt":"TIME","type":"track","reason":"no-event","problem":"Call 1 of the batch has no \"event\".","path":"/v1/batch","index":1,"messageId":null,"customer":"id:42","bytes":13,"isCut":false """;

    private static readonly RefusedCall _call = new()
    {
        Id = Ulid.Parse(Id, System.Globalization.CultureInfo.InvariantCulture),
        Type = "track",
        Reason = CallDefect.NoEvent,
        Problem = "Call 1 of the batch has no \"event\".",
        Path = "/v1/batch",
        Index = 1,
        Persons = ["id:42", "anonymous:a"],
        Body = Encoding.UTF8.GetBytes("""{"n": 1.10 }"""),
        Size = 13,
    };

    private static readonly string _summary = Summary.Trim().Replace("TIME", _call.Id.Time.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private readonly IRefusedCallGrain _calls = Substitute.For<IRefusedCallGrain>();
    private readonly ICustomerGrain _customer = Substitute.For<ICustomerGrain>();
    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync(more: [("Dispatcher:Admin:Keys:ann:Key", "reads"), ("Dispatcher:Admin:Keys:bob:Key", "operates"), ("Dispatcher:Admin:Keys:bob:Role", "Operate")]);
        _host.Grains.GetGrain<IRefusedCallGrain>("acme").Returns(_calls);
        _host.Grains.GetGrain<ICustomerGrain>(_host.Keys.Of(new CustomerAddress("acme", "id:42"))).Returns(_customer);
        _customer.Discard(Arg.Any<CallFilter>(), Arg.Any<bool>(), Arg.Any<long>()).Returns(ValueTask.FromResult(new DiscardResult(3, 2, 1, 0, null)));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Calls_are_listed_page_by_page_and_shown_with_their_body_as_it_came()
    {
        _calls.Read(null, 1).Returns(ValueTask.FromResult<IReadOnlyList<RefusedCall>>([_call with { Body = [] }]));
        _calls.Read(_call.Id, 1).Returns(ValueTask.FromResult<IReadOnlyList<RefusedCall>>([]));
        _calls.Find(_call.Id).Returns(ValueTask.FromResult<RefusedCall?>(_call));

        Assert.Equal((HttpStatusCode.OK, $$"""{"refusedCalls":[{{{_summary}}}],"next":"{{Id}}"}"""), await SendAsync("reads", "GET", "/refused-calls?limit=1"));
        Assert.Equal((HttpStatusCode.OK, """{"refusedCalls":[],"next":null}"""), await SendAsync("reads", "GET", $"/refused-calls?limit=1&after={Id}"));
        Assert.Equal((HttpStatusCode.OK, $$$"""{{{{_summary}}},"body":{"n": 1.10 }}"""), await SendAsync("reads", "GET", $"/refused-calls/{Id}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("reads", "GET", "/refused-calls?limit=0")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("reads", "GET", "/refused-calls?after=x")).Status);
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""", 14, """{"a":"\ud800"}""")]
    [InlineData("{\"a\":\"xx", 40_000, "{\"a\":\"xx")]
    public async Task A_body_that_is_no_whole_JSON_text_or_cut_is_shown_or_sent_as_text(string body, int size, string shown)
    {
        _calls.Find(_call.Id).Returns(ValueTask.FromResult<RefusedCall?>(_call with { Body = Encoding.UTF8.GetBytes(body), Size = size }));

        var (status, answer) = await SendAsync("reads", "GET", $"/refused-calls/{Id}");

        Assert.Equal(HttpStatusCode.OK, status);
        using var json = System.Text.Json.JsonDocument.Parse(answer);
        Assert.Equal(size > RefusedCall.MaxBodyBytes, json.RootElement.GetProperty("isCut").GetBoolean());
        Assert.Equal(shown, json.RootElement.TryGetProperty("body", out var whole) ? whole.GetRawText() : json.RootElement.GetProperty("bodyText").GetString());
    }

    [Fact]
    public async Task Deleting_needs_the_role_operate_and_names_what_is_not_there()
    {
        _calls.Delete(_call.Id).Returns(ValueTask.FromResult(true), ValueTask.FromResult(false));
        _calls.Erase(null, false).Returns(ValueTask.FromResult(new ErasedCalls(5_000, false)), ValueTask.FromResult(new ErasedCalls(7, true)));

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync("reads", "DELETE", $"/refused-calls/{Id}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync("reads", "DELETE", "/refused-calls?all=true")).Status);
        Assert.Equal((HttpStatusCode.OK, $$"""{"id":"{{Id}}"}"""), await SendAsync("operates", "DELETE", $"/refused-calls/{Id}"));
        Assert.Equal((HttpStatusCode.NotFound, $$$"""{"meta":{"error":"There is no refused call '{{{Id}}}'."}}"""), await SendAsync("operates", "DELETE", $"/refused-calls/{Id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("operates", "DELETE", "/refused-calls/x")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("operates", "GET", $"/refused-calls/{Id}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("operates", "DELETE", "/refused-calls")).Status);
        Assert.Equal((HttpStatusCode.OK, """{"deleted":5007,"isComplete":true}"""), await SendAsync("operates", "DELETE", "/refused-calls?all=true"));
    }

    [Fact]
    public async Task Discarding_a_customer_also_erases_what_was_refused_of_it()
    {
        _calls.Erase("id:42", true).Returns(ValueTask.FromResult(new ErasedCalls(2, true)));
        _calls.Erase("id:42", false).Returns(ValueTask.FromResult(new ErasedCalls(1, false)), ValueTask.FromResult(new ErasedCalls(1, true)));

        Assert.EndsWith("\"refused\":2}", (await SendAsync("operates", "DELETE", "/customers/42/calls?dryRun=true")).Body, StringComparison.Ordinal);
        await _calls.DidNotReceive().Erase("id:42", false);
        Assert.EndsWith("\"refused\":2}", (await SendAsync("operates", "DELETE", "/customers/42/calls")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("refused", (await SendAsync("operates", "DELETE", "/customers/42/calls?kind=event")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_said()
    {
        _calls.Delete(_call.Id).Returns<bool>(_ => throw new IOException("full"));
        _calls.Erase("id:42", false).Returns<ErasedCalls>(_ => throw new IOException("full"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync("operates", "DELETE", $"/refused-calls/{Id}")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync("operates", "DELETE", "/customers/42/calls")).Status);
        await _customer.DidNotReceiveWithAnyArgs().Discard(null!, default, default);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string key, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Path + path);
        request.Headers.Authorization = new("Bearer", key);
        using var response = await _host.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
