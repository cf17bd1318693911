using System.Net;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Explaining;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AdminCallTests : IAsyncLifetime
{
    private const string Id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static readonly DateTimeOffset _noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly IWorkspaceGrain _workspace = Substitute.For<IWorkspaceGrain>();
    private readonly IDeadLetterGrain _letters = Substitute.For<IDeadLetterGrain>();
    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync();
        _host.Grains.GetGrain<IWorkspaceGrain>("acme").Returns(_workspace);
        _host.Grains.GetGrain<IDeadLetterGrain>("acme").Returns(_letters);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("?customer=42")]
    [InlineData("?customer=id:42")]
    public async Task A_call_that_waits_says_what_for(string query)
    {
        if (query.Length == 0)
        {
            _workspace.FindCustomer(Ulid.Parse(Id)).Returns(ValueTask.FromResult<string?>("id:42"));
        }

        _workspace.GetStanding("id:42", LimitClass.Page).Returns(ValueTask.FromResult(new CustomerStanding(
            CustomerActivity.Ready, null, 0, 1, 1, new LimitStatus([LimitClass.Page], "1/1s", 1, 1, null), TimeSpan.Zero, "lunch", null, false, null)));
        var customer = Substitute.For<ICustomerGrain>();
        customer.GetStatus().Returns(ValueTask.FromResult(new CustomerStatus(3, Ulid.Parse(Id), HeadState.Of(LimitClass.Page), null, _noon, false)));
        customer.FindCall(Ulid.Parse(Id)).Returns(ValueTask.FromResult<CallPlace?>(new CallPlace(2, Ulid.Parse(Id), CallKind.Page, LimitClass.Page, CallPriority.Live, _noon, null)));
        _host.Grains.GetGrain<ICustomerGrain>(_host.Keys.Of(new CustomerAddress("acme", "id:42"))).Returns(customer);

        Assert.Equal(
            (HttpStatusCode.OK,
            $$"""
            {"workspace":"acme","id":"{{Id}}","state":"waiting","customer":"id:42","kind":"page","limitClass":"page","acceptedAt":"2026-08-01T12:00:00+00:00","ahead":2,"waitsFor":[{"cause":"calls-ahead","text":"2 calls of this customer go first, {{Id}} before all."},{"cause":"operator-pause","text":"An operator has paused the workspace: lunch. It goes on when it is resumed."},{"cause":"limit-used","text":"The limit of 'page' (1/1s, 1 requests a second now): 0 customers go first."}]}
            """),
            await _host.SendAsync("GET", $"/admin/workspaces/acme/calls/{Id}{query}"));
    }

    [Fact]
    public async Task A_dead_letter_says_why()
    {
        var call = new Call { Id = Ulid.Parse(Id), Kind = CallKind.Event, LimitClass = LimitClass.Track, Method = "POST", Target = "/", Headers = [], Body = [], AcceptedAt = _noon };
        _letters.Find(call.Id).Returns(ValueTask.FromResult<DeadLetter?>(new DeadLetter("id:42", call, 1, "400: no", _noon.AddMinutes(1))));

        Assert.Equal(
            (HttpStatusCode.OK, $$"""
            {"workspace":"acme","id":"{{Id}}","state":"dead-letter","customer":"id:42","kind":"event","limitClass":"track","acceptedAt":"2026-08-01T12:00:00+00:00","reason":"400: no","diedAt":"2026-08-01T12:01:00+00:00"}
            """),
            await _host.SendAsync("GET", $"/admin/workspaces/acme/calls/{Id}"));
    }

    [Fact]
    public async Task A_call_that_waits_nowhere_is_delivered_or_unknown()
    {
        _workspace.FindCustomer(Ulid.Parse(Id)).Returns(ValueTask.FromResult<string?>(null));

        Assert.Equal(
            (HttpStatusCode.OK, $$"""{"workspace":"acme","id":"{{Id}}","state":"delivered-or-unknown","note":"It waits nowhere: it was delivered, or discarded, or there never was one of this id here."}"""),
            await _host.SendAsync("GET", $"/admin/workspaces/acme/calls/{Id}"));
    }

    [Fact]
    public async Task A_search_that_takes_too_long_asks_for_the_customer()
    {
        _workspace.FindCustomer(Ulid.Parse(Id)).Returns(ValueTask.FromException<string?>(new TimeoutException()));

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, """{"meta":{"error":"The call was not found in time, because many calls wait. Name its customer: ?customer=id:42."}}"""),
            await _host.SendAsync("GET", $"/admin/workspaces/acme/calls/{Id}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.SendAsync("GET", "/admin/workspaces/acme/calls/42")).Status);
    }
}
