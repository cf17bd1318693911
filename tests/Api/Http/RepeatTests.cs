using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;

namespace CioOrleans.Api.Tests.Http;

public sealed class RepeatTests
{
    private const string V1 = "/api/v1/customers/42/events";
    private const string Event = """{"name":"e","id":"01HF7YAT00ABCDEFGHJKMNPQRS"}""";
    private const string V2Event = """{"type":"person","identifiers":{"id":"42"},"action":"event","name":"e","id":"01HF7YAT00ABCDEFGHJKMNPQRS"}""";
    private const string Delete = """{"type":"person","identifiers":{"id":"42"},"action":"delete"}""";

    private static readonly DuplicateKey _eventKey = DuplicateKey.OfEventId("01HF7YAT00ABCDEFGHJKMNPQRS"u8);

    [Fact]
    public async Task A_call_without_a_key_has_no_notes()
    {
        await using var front = await Front.StartAsync();

        await front.SendAsync("POST", V1, """{"name":"e","id":null,"data":{"id":"x"}}""", Front.Credentials, "X-Retry-Count: 1");
        await front.SendAsync("POST", "/api/v2/entity", """{"type":"person","identifiers":{"id":"42"},"action":"identify","id":"no event's"}""");

        Assert.All(front.Sink.Calls, c => Assert.False(c.Call.Notes.HasKeys));
    }

    [Fact]
    public async Task An_events_own_id_is_the_same_key_in_both_versions()
    {
        await using var front = await Front.StartAsync();

        await front.SendAsync("POST", V1, Event);
        await front.SendAsync("POST", "/api/v2/entity", V2Event);
        await front.SendAsync("POST", "/api/v2/batch", $$"""{"batch":[{{V2Event}}]}""");

        Assert.All(front.Sink.Calls, c => Assert.Equal([(CallNote.Key, _eventKey)], KeysOf(c)));
        Assert.Equal(3, front.Sink.Calls.Count);
        Assert.Equal(_eventKey, DuplicateKey.OfEventId(Ulid.Parse("01HF7YAT00ABCDEFGHJKMNPQRS", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task An_idempotency_key_stands_for_each_operation_of_a_batch_by_its_place()
    {
        await using var front = await Front.StartAsync();

        await front.SendAsync("POST", "/api/v2/batch", $$"""{"batch":[{},{{Delete}},{{V2Event}}]}""", Front.Credentials, "Idempotency-Key: k");
        await front.SendAsync("POST", "/api/v2/entity", Delete, Front.Credentials, "Idempotency-Key: k");
        await front.SendAsync("POST", V1, Event, Front.Credentials, "Idempotency-Key: k");

        Assert.Equal(
            [
                [(CallNote.Key, DuplicateKey.OfIdempotencyKey("k", 1))],
                [(CallNote.Key, DuplicateKey.OfIdempotencyKey("k", 2)), (CallNote.Key, _eventKey)],
                [(CallNote.Key, DuplicateKey.OfIdempotencyKey("k"))],
                [(CallNote.Key, DuplicateKey.OfIdempotencyKey("k")), (CallNote.Key, _eventKey)],
            ],
            front.Sink.Calls.Select(KeysOf));
    }

    [Fact]
    public async Task A_repeat_of_what_names_nobody_comes_to_the_same_queue()
    {
        await using var front = await Front.StartAsync();

        for (var i = 0; i < 8; i++)
        {
            await front.SendAsync("POST", "/api/v1/events", """{"name":"e"}""", Front.Credentials, "Idempotency-Key: k");
        }

        Assert.Single(front.Sink.Calls.Select(c => c.Customer).Distinct());
        Assert.Equal(8, front.Sink.Calls.Select(c => c.Call.Id).Distinct().Count());
    }

    [Fact]
    public async Task The_SDKs_retries_are_told_by_their_content_where_that_is_switched_on()
    {
        var acme = TestWorkspaces.Named("acme", "site", "key") with { Deduplication = new DeduplicationSettings { SdkRetries = true } };
        await using var front = await Front.StartAsync(null, acme);

        await front.SendAsync("POST", V1, """{"name":"e"}""", Front.Credentials, "X-Retry-Count: 0");
        await front.SendAsync("POST", V1, """{"name":"e"}""", Front.Credentials, "X-Retry-Count: 1");
        await front.SendAsync("POST", V1, """{"name":"f"}""");
        await front.SendAsync("POST", "/api/v2/batch", $$"""{"batch":[{{Delete}}]}""", Front.Credentials, "X-Retry-Count: 3");

        var key = DuplicateKey.OfRequest("POST", V1, """{"name":"e"}"""u8);
        Assert.Equal(
            [
                [(CallNote.Request, key)],
                [(CallNote.RepeatedRequest, key)],
                [(CallNote.Request, DuplicateKey.OfRequest("POST", V1, """{"name":"f"}"""u8))],
                [(CallNote.RepeatedRequest, DuplicateKey.OfRequest("POST", "/api/v2/entity", System.Text.Encoding.UTF8.GetBytes(Delete)))],
            ],
            front.Sink.Calls.Select(KeysOf));
    }

    [Fact]
    public async Task Nothing_is_noted_where_it_is_switched_off()
    {
        var acme = TestWorkspaces.Named("acme", "site", "key") with { Deduplication = new DeduplicationSettings { Enabled = false, SdkRetries = true } };
        await using var front = await Front.StartAsync(null, acme);

        await front.SendAsync("POST", V1, Event, Front.Credentials, "Idempotency-Key: k", "X-Retry-Count: 1");

        Assert.Equal(CallNotes.None, Assert.Single(front.Sink.Calls).Call.Notes);
    }

    [Fact]
    public async Task A_duplicate_is_answered_as_the_first_was()
    {
        await using var front = await Front.StartAsync();
        front.Sink.Answer = AcceptResult.Duplicate.Instance;

        Assert.Equal((200, "{}"), Of(await front.SendAsync("POST", V1, Event)));
        Assert.Equal((204, ""), Of(await front.SendAsync("POST", "/api/v1/forms/f/submit", """{"data":{"id":"1"}}""")));
        Assert.Equal((200, "{}"), Of(await front.SendAsync("POST", "/api/v2/batch", $$"""{"batch":[{{Delete}},{{Delete}}]}""")));

        static (int, string) Of(RawResponse response) => (response.Status, response.Body);
    }

    private static List<(CallNote Note, DuplicateKey Key)> KeysOf(HandedOver handedOver)
    {
        List<(CallNote, DuplicateKey)> keys = [];
        foreach (var (note, key) in handedOver.Call.Notes.Keys)
        {
            keys.Add((note, key));
        }

        return keys;
    }
}
