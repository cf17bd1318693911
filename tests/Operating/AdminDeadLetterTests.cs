using System.Net;
using System.Text;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Leasing;
using CioOrleans.Limits;
using CioOrleans.Workspaces;
using NSubstitute;

namespace CioOrleans.Operating.Tests;

public sealed class AdminDeadLetterTests : IAsyncLifetime
{
    private const string Path = "/admin/workspaces/acme/dead-letters";
    private static readonly Ulid _id = Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    private static readonly DateTimeOffset _noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly IDeadLetterGrain _acme = Substitute.For<IDeadLetterGrain>();
    private Host _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await Host.StartAsync("key");
        _host.Grains.GetGrain<IDeadLetterGrain>("acme", Arg.Any<string?>()).Returns(_acme);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("""{"name":"order", "total":1.10,"big":12345678901234567890}""", "\"body\":{\"name\":\"order\", \"total\":1.10,\"big\":12345678901234567890}")]
    [InlineData("null", "\"body\":null")]
    [InlineData("", "\"body\":null")]
    [InlineData("a=1", "\"body\":null,\"bodyBase64\":\"YT0x\"")]
    [InlineData("{} {}", "\"body\":null,\"bodyBase64\":\"e30ge30=\"")]
    public async Task A_dead_letter_shows_its_body_byte_for_byte(string body, string shown)
    {
        Given(null, 50, new DeadLetterPage([Letter(body)], null));

        Assert.Equal(
            (HttpStatusCode.OK, $$"""
            {"deadLetters":[{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","customer":"id:42","kind":"anonymous-event","limitClass":"track","method":"POST","target":"/api/v1/events?x=%2F","attempts":6,"reason":"503","diedAt":"2026-08-01T13:00:00+00:00","acceptedAt":"2026-08-01T12:00:00+00:00",{{shown}}}],"next":null}
            """),
            await _host.SendAsync("GET", Path));
    }

    [Fact]
    public async Task A_page_starts_where_the_last_one_ended()
    {
        Given(_id, 1000, new DeadLetterPage([], _id));

        Assert.Equal((HttpStatusCode.OK, """{"deadLetters":[],"next":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}"""), await _host.SendAsync("GET", $"{Path}?after={_id}&limit=1000"));
    }

    [Theory]
    [InlineData("limit=0", "'limit' is a whole number from 1 to 1000.")]
    [InlineData("limit=1001", "'limit' is a whole number from 1 to 1000.")]
    [InlineData("limit=x", "'limit' is a whole number from 1 to 1000.")]
    [InlineData("after=x", "'after' is the 'next' of the page before.")]
    public async Task A_page_that_cannot_be_is_a_400(string query, string error) => Assert.Equal(
        (HttpStatusCode.BadRequest, $$$"""{"meta":{"error":"{{{error}}}"}}"""),
        await _host.SendAsync("GET", $"{Path}?{query}"));

    [Fact]
    public async Task A_replay_reaches_the_grain()
    {
        Given(ReplayResult.Replayed.Instance);

        Assert.Equal((HttpStatusCode.OK, """{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}"""), await _host.SendAsync("POST", $"{Path}/{_id}/replay"));
    }

    [Fact]
    public async Task A_discard_reaches_the_grain()
    {
        _acme.Discard(_id).Returns(ValueTask.FromResult(true));

        Assert.Equal((HttpStatusCode.OK, """{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}"""), await _host.SendAsync("DELETE", $"{Path}/{_id}"));
    }

    [Theory]
    [InlineData("POST", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "/replay")]
    [InlineData("POST", "nonsense", "/replay")]
    [InlineData("DELETE", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "")]
    [InlineData("DELETE", "nonsense", "")]
    public async Task A_dead_letter_that_there_is_not_is_a_404(string method, string id, string call)
    {
        Given(ReplayResult.Absent.Instance);

        Assert.Equal((HttpStatusCode.NotFound, $$$"""{"meta":{"error":"There is no dead letter '{{{id}}}'."}}"""), await _host.SendAsync(method, $"{Path}/{id}{call}"));
    }

    [Fact]
    public async Task A_replay_while_storage_is_away_is_a_503_and_not_a_404()
    {
        Given(new ReplayResult.Unavailable("The database is away.", TimeSpan.FromSeconds(3)));

        using var answer = await _host.Http.PostAsync(new Uri($"{Path}/{_id}/replay", UriKind.Relative), null);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(3)), (answer.StatusCode, answer.Headers.RetryAfter?.Delta));
        Assert.Equal("""{"meta":{"error":"The database is away."}}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_replay_that_is_not_answered_is_a_503_once_its_deadline_has_passed()
    {
        var began = TimeProvider.System.GetTimestamp();
        var asked = 0;
        await using var host = await Host.StartAsync(leaseClock: () => ClockBounds.Exactly(Host.LeaseTime + (asked++ < 2 ? TimeSpan.Zero : AcceptDeadline.Length)));
        host.Grains.GetGrain<IDeadLetterGrain>("acme", Arg.Any<string?>()).Returns(_acme);
        _acme.Replay(_id, Deadline).Returns(ValueTask.FromException<ReplayResult>(new TimeoutException()));

        var (status, body) = await host.SendAsync("POST", $"{Path}/{_id}/replay");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"meta":{"error":"The workspace does not answer at the moment; whether the call took effect is unknown."}}"""), (status, body));

        // The clock was asked at the start, found too early, and asked again a second later.
        Assert.Equal(3, asked);
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromSeconds(1));
    }

    private static DeadLetter Letter(string body) => new(
        "id:42",
        new Call
        {
            Id = _id,
            Kind = CallKind.AnonymousEvent,
            LimitClass = LimitClass.Track,
            Method = "POST",
            Target = "/api/v1/events?x=%2F",
            Headers = [],
            Body = Encoding.UTF8.GetBytes(body),
            AcceptedAt = _noon,
        },
        6,
        "503",
        _noon.AddHours(1));

    private static AcceptDeadline Deadline => new(Host.LeaseTime + AcceptDeadline.Length);

    private void Given(ReplayResult result) => _acme.Replay(_id, Deadline).Returns(ValueTask.FromResult(result));

    private void Given(Ulid? after, int limit, DeadLetterPage page) => _acme.Read(after, limit).Returns(ValueTask.FromResult(page));
}
