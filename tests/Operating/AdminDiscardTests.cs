using System.Net;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Discarding;
using CioOrleans.Explaining;
using CioOrleans.Limits;
using CioOrleans.Refusing;
using CioOrleans.Workspaces;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AdminDiscardTests : IAsyncLifetime
{
    private const string Id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Path = "/admin/workspaces/acme";

    private readonly IWorkspaceGrain _workspace = Substitute.For<IWorkspaceGrain>();
    private readonly ICustomerGrain _customer = Substitute.For<ICustomerGrain>();
    private readonly ICustomerGrain _other = Substitute.For<ICustomerGrain>();
    private readonly IRefusedCallGrain _refused = Substitute.For<IRefusedCallGrain>();
    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync();
        _host.Grains.GetGrain<IWorkspaceGrain>("acme").Returns(_workspace);
        _host.Grains.GetGrain<IRefusedCallGrain>("acme").Returns(_refused);
        _refused.Erase(Arg.Any<string?>(), Arg.Any<bool>()).Returns(ValueTask.FromResult(new ErasedCalls(0, IsComplete: true)));
        _host.Grains.GetGrain<ICustomerGrain>(_host.Keys.Of(new CustomerAddress("acme", "id:42"))).Returns(_customer);
        _host.Grains.GetGrain<ICustomerGrain>(_host.Keys.Of(new CustomerAddress("acme", "id:43"))).Returns(_other);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_call_is_discarded_where_it_waits()
    {
        var call = Ulid.Parse(Id);
        _workspace.FindCustomer(call).Returns(ValueTask.FromResult<string?>("id:42"));
        _customer.FindCall(call).Returns(ValueTask.FromResult<CallPlace?>(Place(CallKind.Event, null)));
        Given(_customer, new CallFilter { CallId = call }, false, 0, new DiscardResult(1, 1, 0, 2, null));

        Assert.Equal((HttpStatusCode.OK, Answer(false, 1, 1, 1, 0, 2)), await _host.SendAsync("DELETE", $"{Path}/calls/{Id}"));
    }

    [Fact]
    public async Task A_call_that_waits_nowhere_is_not_found()
    {
        Assert.Equal((HttpStatusCode.NotFound, $$$"""{"meta":{"error":"No call '{{{Id}}}' waits."}}"""), await _host.SendAsync("DELETE", $"{Path}/calls/{Id}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.SendAsync("DELETE", $"{Path}/calls/x")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.SendAsync("DELETE", $"{Path}/calls/{Id}?dryRun=perhaps")).Status);
    }

    [Fact]
    public async Task Of_a_merge_and_its_barrier_the_merge_is_discarded_and_a_barrier_that_is_named_is_refused()
    {
        var call = Ulid.Parse(Id);
        _workspace.FindCustomer(call).Returns(ValueTask.FromResult<string?>("id:43"));
        _other.FindCall(call).Returns(ValueTask.FromResult<CallPlace?>(Place(CallKind.MergeBarrier, "id:42")));
        Given(_customer, new CallFilter { CallId = call }, false, 0, new DiscardResult(1, 1, 0, 0, null));

        Assert.Equal((HttpStatusCode.OK, Answer(false, 1, 1, 1, 0, 0)), await _host.SendAsync("DELETE", $"{Path}/calls/{Id}"));
        Assert.Equal(HttpStatusCode.Conflict, (await _host.SendAsync("DELETE", $"{Path}/calls/{Id}?customer=43")).Status);
    }

    [Fact]
    public async Task A_customers_queue_is_counted_first_and_stretches_are_added_up()
    {
        Given(_customer, new CallFilter(), true, 0, new DiscardResult(20, 0, 1, 0, 99));
        Given(_customer, new CallFilter(), true, 99, new DiscardResult(5, 0, 0, 0, null));

        Assert.Equal((HttpStatusCode.OK, Answer(true, 1, 25, 0, 1, 0)), await _host.SendAsync("DELETE", $"{Path}/customers/42/calls?dryRun=true"));
    }

    [Fact]
    public async Task All_that_match_are_discarded_page_by_page_by_the_customers_themselves()
    {
        var filter = new CallFilter { Kind = CallKind.AddDevice, LimitClass = LimitClass.Identify, Host = UpstreamHost.Track, Import = Ulid.Parse(Id) };
        _workspace.FindCalls(filter, null).Returns(ValueTask.FromResult(new MatchPage([new CustomerMatches("id:42", 2), new CustomerMatches("id:43", 1)], 7)));
        _workspace.FindCalls(filter, 7).Returns(ValueTask.FromResult(new MatchPage([new CustomerMatches("id:43", 1)], null)));
        Given(_customer, filter, false, 0, new DiscardResult(2, 1, 1, 0, null));
        Given(_other, filter, false, 0, new DiscardResult(1, 1, 0, 0, null));
        const string query = $"kind=add-device&class=identify&host=track&import={Id}";

        Assert.Equal((HttpStatusCode.OK, Answer(true, 3, 4, 0, 0, 0)), await _host.SendAsync("DELETE", $"{Path}/calls?{query}&dryRun=true"));
        await _customer.DidNotReceiveWithAnyArgs().Discard(null!, default, default);
        Assert.Equal((HttpStatusCode.OK, Answer(false, 3, 4, 3, 1, 0)), await _host.SendAsync("DELETE", $"{Path}/calls?{query}"));
    }

    [Fact]
    public async Task Where_storage_is_away_the_answer_says_so_and_where_to_go_on()
    {
        var filter = new CallFilter { Host = UpstreamHost.App };
        _workspace.FindCalls(filter, 7).Returns(ValueTask.FromResult(new MatchPage([new CustomerMatches("id:42", 2)], 9)));
        Given(_customer, filter, false, 0, new DiscardResult(2, 0, 0, 0, 0, "away"));

        Assert.Equal(
            (HttpStatusCode.OK, """{"workspace":"acme","dryRun":false,"customers":1,"matched":2,"discarded":0,"inFlight":0,"barriers":0,"isComplete":false,"next":7,"problem":"away"}"""),
            await _host.SendAsync("DELETE", $"{Path}/calls?host=app&after=7"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("all=false")]
    [InlineData("dryRun=true")]
    [InlineData("kind=nothing")]
    [InlineData("kind=7")]
    [InlineData("class=everything")]
    [InlineData("host=mars")]
    [InlineData("olderThan=-1")]
    [InlineData("olderThan=1h")]
    [InlineData("import=x")]
    [InlineData("after=x&all=true")]
    [InlineData("hots=app")]
    [InlineData("customer=42")]
    public async Task What_is_not_understood_discards_nothing(string query)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.SendAsync("DELETE", $"{Path}/calls?{query}")).Status);
        await _workspace.DidNotReceiveWithAnyArgs().FindCalls(null!, default);
    }

    private static void Given(ICustomerGrain customer, CallFilter filter, bool isPreview, long after, DiscardResult result) =>
        customer.Discard(filter, isPreview, after).Returns(ValueTask.FromResult(result));

    private static CallPlace Place(CallKind kind, string? other) =>
        new(0, Ulid.Parse(Id), kind, LimitClass.Track, CallPriority.Live, new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero), other);

    private static string Answer(bool dryRun, int customers, int matched, int discarded, int inFlight, int barriers) =>
        $$"""{"workspace":"acme","dryRun":{{(dryRun ? "true" : "false")}},"customers":{{customers}},"matched":{{matched}},"discarded":{{discarded}},"inFlight":{{inFlight}},"barriers":{{barriers}},"isComplete":true}""";
}
