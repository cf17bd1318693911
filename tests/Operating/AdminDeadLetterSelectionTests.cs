using System.Net;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Workspaces;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AdminDeadLetterSelectionTests : IAsyncLifetime
{
    private const string Path = "/admin/workspaces/acme/dead-letters";
    private const string To = "2026-08-01T14:00:00Z";

    private static readonly DateTimeOffset _noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Ulid[] _ids = [.. Enumerable.Range(1, 4).Select(i => Ulid.Parse($"01ARZ3NDEKTSV4RRFFQ69G5F0{i}"))];

    private readonly IDeadLetterGrain _acme = Substitute.For<IDeadLetterGrain>();
    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync("key");
        _host.Grains.GetGrain<IDeadLetterGrain>("acme", Arg.Any<string?>()).Returns(_acme);
        _acme.Replay(default, default).ReturnsForAnyArgs(ValueTask.FromResult<ReplayResult>(ReplayResult.Replayed.Instance));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Causes_are_listed_with_what_selects_them()
    {
        _acme.ReadCauses(100).Returns(ValueTask.FromResult(new DeadLetterCauses([new DeadLetterCause(CallKind.AddDevice, -2, 400, "no #", 3, _noon, _noon.AddHours(1), _ids[0])], true)));

        Assert.Equal(
            (HttpStatusCode.OK, """
            {"causes":[{"cause":"fffffffffffffffe","kind":"add-device","status":400,"answer":"no #","count":3,"oldest":"2026-08-01T12:00:00+00:00","newest":"2026-08-01T13:00:00+00:00","example":"01ARZ3NDEKTSV4RRFFQ69G5F01"}],"isComplete":true}
            """),
            await _host.SendAsync("GET", $"{Path}/causes"));
    }

    [Theory]
    [InlineData("POST", "/replay")]
    [InlineData("DELETE", "")]
    public async Task A_dry_run_counts_and_shows_some_and_changes_nothing(string method, string suffix)
    {
        var selection = new DeadLetterSelection { Cause = -2, Kind = CallKind.AddDevice, StatusFrom = 400, StatusTo = 499, Customer = "id:42", From = _noon, To = _noon.AddHours(2) };
        _acme.Count(selection).Returns(ValueTask.FromResult(new DeadLetterCount(7, 1)));
        _acme.Select(selection, null, 5).Returns(ValueTask.FromResult(new SelectedDeadLetterPage([Letter(0, "id:42")], _ids[0])));

        Assert.Equal(
            (HttpStatusCode.OK, """
            {"workspace":"acme","dryRun":true,"matched":7,"done":0,"outcomeUnknown":1,"isComplete":true,"to":"2026-08-01T14:00:00+00:00","examples":[{"id":"01ARZ3NDEKTSV4RRFFQ69G5F01","customer":"id:42","kind":"event","reason":"400: no","diedAt":"2026-08-01T12:00:00+00:00"}]}
            """),
            await _host.SendAsync(method, $"{Path}{suffix}?cause=fffffffffffffffe&kind=add-device&status=4xx&customer=42&from=2026-08-01T12:00Z&to={To}&dryRun=true"));
        await _acme.DidNotReceiveWithAnyArgs().Replay(default, default);
        await _acme.DidNotReceiveWithAnyArgs().DiscardMany(default!);
    }

    [Fact]
    public async Task A_replay_takes_all_pages_and_leaves_out_sends_that_may_have_been_sent()
    {
        Given(null, new SelectedDeadLetterPage([Letter(0, "id:1"), Letter(1, "id:2", isOutcomeUnknown: true)], _ids[1]));
        Given(_ids[1], new SelectedDeadLetterPage([Letter(2, "id:1"), Letter(3, "id:1")], null));
        _acme.Replay(_ids[3], Arg.Any<AcceptDeadline>()).Returns(ValueTask.FromResult<ReplayResult>(ReplayResult.Absent.Instance));

        Assert.Equal(
            (HttpStatusCode.OK, """{"workspace":"acme","dryRun":false,"matched":4,"done":2,"outcomeUnknown":1,"isComplete":true,"to":"2026-08-01T14:00:00+00:00"}"""),
            await _host.SendAsync("POST", $"{Path}/replay?all=true&to={To}"));
        await _acme.DidNotReceive().Replay(_ids[1], Arg.Any<AcceptDeadline>());
    }

    [Fact]
    public async Task Held_customers_are_listed_in_pages()
    {
        _acme.ReadHeld("id:a b", 2).Returns(ValueTask.FromResult(new HeldCustomerPage([new HeldCustomer("id:c", new HeldCall(_ids[0], 7, CallKind.Event, "400: no", _noon))], "id:c")));

        Assert.Equal(
            (HttpStatusCode.OK, """
            {"customers":[{"customer":"id:c","held":{"id":"01ARZ3NDEKTSV4RRFFQ69G5F01","kind":"event","reason":"400: no","diedAt":"2026-08-01T12:00:00+00:00"}}],"next":"id:c"}
            """),
            await _host.SendAsync("GET", "/admin/workspaces/acme/held-customers?after=id%3Aa%20b&limit=2"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.SendAsync("GET", "/admin/workspaces/acme/held-customers?limit=0")).Item1);
    }

    [Fact]
    public async Task The_letters_of_one_customer_are_replayed_one_after_the_other()
    {
        Given(null, new SelectedDeadLetterPage([Letter(0, "id:1"), Letter(1, "id:1"), Letter(2, "id:1")], null));
        var first = new TaskCompletionSource<ReplayResult>();
        var began = new TaskCompletionSource();
        _acme.Replay(_ids[0], Arg.Any<AcceptDeadline>()).Returns(_ =>
        {
            began.SetResult();
            return new ValueTask<ReplayResult>(first.Task);
        });

        var answer = _host.SendAsync("POST", $"{Path}/replay?all=true&to={To}");
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await _acme.DidNotReceive().Replay(_ids[1], Arg.Any<AcceptDeadline>());
        first.SetResult(ReplayResult.Replayed.Instance);

        Assert.Equal(HttpStatusCode.OK, (await answer).Item1);
        Received.InOrder(() =>
        {
            _ = _acme.Replay(_ids[0], Arg.Any<AcceptDeadline>());
            _ = _acme.Replay(_ids[1], Arg.Any<AcceptDeadline>());
            _ = _acme.Replay(_ids[2], Arg.Any<AcceptDeadline>());
        });
    }

    [Fact]
    public async Task A_replay_that_cannot_be_stored_says_where_to_go_on()
    {
        Given(null, new SelectedDeadLetterPage([Letter(0, "id:1")], _ids[0]));
        Given(_ids[0], new SelectedDeadLetterPage([Letter(1, "id:1")], null));
        _acme.Replay(_ids[1], Arg.Any<AcceptDeadline>()).Returns(ValueTask.FromResult<ReplayResult>(new ReplayResult.Unavailable("full", TimeSpan.FromSeconds(5))));

        Assert.Equal(
            (HttpStatusCode.OK, """
            {"workspace":"acme","dryRun":false,"matched":2,"done":1,"outcomeUnknown":0,"isComplete":false,"to":"2026-08-01T14:00:00+00:00","next":"01ARZ3NDEKTSV4RRFFQ69G5F01","problem":"full"}
            """),
            await _host.SendAsync("POST", $"{Path}/replay?all=true&to={To}"));
    }

    [Fact]
    public async Task A_discard_takes_all_pages()
    {
        Given(null, new SelectedDeadLetterPage([Letter(0, "id:1"), Letter(1, "id:2", isOutcomeUnknown: true)], _ids[1]));
        Given(_ids[1], new SelectedDeadLetterPage([Letter(2, "id:3")], null));
        _acme.DiscardMany(Arg.Is<IReadOnlyList<Ulid>>(ids => ids.SequenceEqual(new[] { _ids[0], _ids[1] }))).Returns(ValueTask.FromResult(2));
        _acme.DiscardMany(Arg.Is<IReadOnlyList<Ulid>>(ids => ids.SequenceEqual(new[] { _ids[2] }))).Returns(ValueTask.FromResult(0));

        Assert.Equal(
            (HttpStatusCode.OK, """{"workspace":"acme","dryRun":false,"matched":3,"done":2,"outcomeUnknown":1,"isComplete":true,"to":"2026-08-01T14:00:00+00:00"}"""),
            await _host.SendAsync("DELETE", $"{Path}?all=true&to={To}"));
    }

    [Theory]
    [InlineData("", "Say which dead letters: cause, kind, status, customer, from, to; or all=true for every one of the workspace.")]
    [InlineData("?dryRun=true", "Say which dead letters: cause, kind, status, customer, from, to; or all=true for every one of the workspace.")]
    [InlineData("?all=perhaps", "'all' is true or false.")]
    [InlineData("?all=true&dryRun=1", "'dryRun' is true or false.")]
    [InlineData("?custmer=42", "There is no 'custmer': cause, kind, status, customer, from, to, all, after, dryRun.")]
    [InlineData("?status=6xx", "There is no status '6xx': success, failure, 3xx, 4xx, 5xx, none (no answer), dead-letter, or a status (422).")]
    [InlineData("?status=42", "There is no status '42': success, failure, 3xx, 4xx, 5xx, none (no answer), dead-letter, or a status (422).")]
    [InlineData("?cause=12", "There is no cause '12': GET …/dead-letters/causes lists them.")]
    [InlineData("?kind=letter", "There is no kind of call 'letter'.")]
    [InlineData("?from=then", "'from' is a time (2026-11-27T15:00Z), today, yesterday, or how long ago (90m, 24h, 7d).")]
    [InlineData("?all=true&after=x", "'after' is the 'next' of the answer before.")]
    public async Task A_selection_that_cannot_be_is_a_400(string query, string error)
    {
        var expected = (HttpStatusCode.BadRequest, $$$"""{"meta":{"error":"{{{error}}}"}}""");

        Assert.Equal(expected, await _host.SendAsync("POST", $"{Path}/replay{query}"));
        Assert.Equal(expected, await _host.SendAsync("DELETE", $"{Path}{query}"));
    }

    private void Given(Ulid? after, SelectedDeadLetterPage page) =>
        _acme.Select(new DeadLetterSelection { To = _noon.AddHours(2) }, after, 256).Returns(ValueTask.FromResult(page));

    private static SelectedDeadLetter Letter(int index, string customer, bool isOutcomeUnknown = false) => new(_ids[index], customer, CallKind.Event, "400: no", _noon, isOutcomeUnknown);
}
