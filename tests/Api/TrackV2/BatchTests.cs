using System.IO.Compression;
using System.Text;
using CioOrleans.Api.Tests.Http;
using CioOrleans.Calls;
using CioOrleans.Customers;
using CioOrleans.Silo.Configuration;

namespace CioOrleans.Api.Tests.TrackV2;

public sealed class BatchTests
{
    private const string Delete = """{"type":"person","identifiers":{"id":"1"},"action":"delete"}""";
    private const string Wrong = """{"type":"person","identifiers":{"id":"1"},"action":"nothing"}""";

    [Fact]
    public async Task A_batch_is_taken_apart_and_each_operation_stays_byte_for_byte()
    {
        string[] operations = [.. EntityTests.Operations.Select(row => row.Data.Item1)];
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/batch", $$"""{ "batch" : [ {{string.Join(" ,\n", operations)}} ] }""");

        Assert.Equal((200, "{}"), (response.Status, response.Body));
        Assert.Equal(operations.Length, front.Sink.Calls.Count);
        Assert.Equal(operations.Order(StringComparer.Ordinal), front.Sink.Calls.Select(c => Unstamped(c)).Order(StringComparer.Ordinal));
        Assert.Equal(operations.Length, front.Sink.Calls.Select(c => c.Call.Id).Distinct().Count());
        Assert.All(front.Sink.Calls, c => Assert.Equal("/api/v2/entity", c.Call.Target));
    }

    [Fact]
    public async Task The_calls_of_one_customer_keep_their_order_and_a_merge_takes_its_turn()
    {
        string Event(string id, string name) => $$"""{"type":"person","identifiers":{"id":"{{id}}"},"action":"event","name":"{{name}}","id":"{{name}}"}""";
        const string merge = """{"type":"person","action":"merge","primary":{"id":"1"},"secondary":{"id":"2"}}""";
        await using var front = await Front.StartAsync();

        await front.SendAsync("POST", "/api/v2/batch", Batch(Event("1", "a"), Event("2", "b"), Event("1", "c"), merge, Event("1", "d"), Event("1", "e")));

        Assert.Equal(
            ["id:1 a", "id:1 c", "id:2 b", "id:1 merge", "id:1 d", "id:1 e"],
            front.Sink.Calls.Select(c => $"{c.Customer} {(c.Call.Kind == CallKind.Merge ? "merge" : NameOf(c))}"));
    }

    [Fact]
    public async Task Some_bad_operations_are_answered_207_and_the_good_ones_are_taken()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/batch", Batch(Wrong, Delete, "7", """{"type":"person","identifiers":{"id":"\ud800"},"action":"delete"}""", Delete));

        Assert.Equal((207, "application/json"), (response.Status, response.Headers["Content-Type"]));
        Assert.Equal(
            "{\"errors\":["
            + """{"batch_index":0,"reason":"invalid","field":"action","message":"\"action\" is none of what can be done here: identify, delete, event, page, screen, add_relationships, delete_relationships, add_device, delete_device, merge, suppress and unsuppress."},"""
            + """{"batch_index":2,"reason":"invalid","field":"","message":"The operation is not a JSON object. Send {\"type\", \"action\", \"identifiers\", …}."},"""
            + """{"batch_index":3,"reason":"invalid","field":"","message":"The operation holds half of a surrogate pair (\\ud800 to \\udfff) in a name or an identifier. Send whole characters."}"""
            + "]}",
            response.Body);
        Assert.Equal([Delete, Delete], front.Sink.Calls.Select(c => c.Body));
    }

    [Fact]
    public async Task None_but_bad_operations_are_answered_207_as_well()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/batch", Batch(Wrong));

        Assert.Equal(207, response.Status);
        Assert.StartsWith("""{"errors":[{"batch_index":0,""", response.Body, StringComparison.Ordinal);
        Assert.Empty(front.Sink.Calls);
    }

    [Theory]
    [MemberData(nameof(EntityTests.Mistakes), MemberType = typeof(EntityTests))]
    public async Task A_mistake_concerns_its_own_operation_alone(string body, string reason, string field)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/batch", Batch(Delete, body, Delete));

        Assert.Equal(207, response.Status);
        Assert.StartsWith($$"""{"errors":[{"batch_index":1,"reason":"{{reason}}","field":"{{field}}","message":""", response.Body, StringComparison.Ordinal);
        Assert.Equal([Delete, Delete], front.Sink.Calls.Select(c => c.Body));
    }

    [Theory]
    [InlineData("", "malformed", "")]
    [InlineData("[]", "malformed", "")]
    [InlineData("{}", "required", "batch")]
    [InlineData("""{"batch":{}}""", "required", "batch")]
    [InlineData("""{"batch":[],"batch":[]}""", "invalid", "batch")]
    [InlineData("""{"batch":[{"type":"person","identifiers":{"id":"1"},"action":"delete"},{]}""", "malformed", "")]
    [InlineData("""{"batch":[{"type":"person","identifiers":{"id":"1"},"action":"delete"}]}}""", "malformed", "")]
    public async Task A_bad_whole_is_answered_400_and_nothing_of_it_is_taken(string body, string reason, string field)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/batch", body);

        Assert.Equal(400, response.Status);
        Assert.StartsWith($$"""{"errors":[{"reason":"{{reason}}","field":"{{field}}","message":""", response.Body, StringComparison.Ordinal);
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_malformed()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/batch", [.. "{\"batch\":[\""u8, 0xff, .. "\"]}"u8]);

        Assert.Equal((400, """{"errors":[{"reason":"malformed","field":"","message":"The body is not valid UTF-8. Encode the JSON as UTF-8."}]}"""), (response.Status, response.Body));
    }

    [Fact]
    public async Task An_empty_batch_and_members_beside_it_are_taken()
    {
        await using var front = await Front.StartAsync();

        Assert.Equal((200, "{}"), Of(await front.SendAsync("POST", "/api/v2/batch", """{"batch":[]}""")));
        Assert.Equal((200, "{}"), Of(await front.SendAsync("POST", "/api/v2/batch", $$"""{"\ud800":1,"x":{"batch":[7]},"batch":[{{Delete}}]}""")));
        Assert.Single(front.Sink.Calls);

        static (int, string) Of(RawResponse response) => (response.Status, response.Body);
    }

    [Theory]
    [InlineData(500 * 1024, 200)]
    [InlineData((500 * 1024) + 1, 400)]
    public async Task A_batch_may_have_500_KB(int bytes, int status)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/batch", $$"""{"batch":[{{Delete}}]}""".PadRight(bytes));

        Assert.Equal(status, response.Status);
        Assert.Equal(status == 200 ? "{}" : """{"errors":[{"reason":"size","field":"batch","message":"The batch is larger than 512000 bytes. Send it in parts."}]}""", response.Body);
    }

    [Fact]
    public async Task The_configured_maximum_is_the_hard_stop()
    {
        await using var front = await Front.StartAsync(new ApiSettings(DefaultWorkspace: null, MaxBodyBytes: 1024));

        var announced = await front.SendAsync("POST", "/api/v2/batch", Batch(Delete).PadRight(1025));
        var chunked = await front.SendAsync("POST", "/api/v2/entity", "401\r\n" + Delete.PadRight(1025) + "\r\n0\r\n\r\n", Front.Credentials, "Transfer-Encoding: chunked");

        const string body = """{"errors":[{"reason":"size","field":"","message":"The body is larger than 1024 bytes. Send less, or raise Dispatcher:Api:MaxBodyBytes."}]}""";
        Assert.Equal((413, body), (announced.Status, announced.Body));
        Assert.Equal((413, body), (chunked.Status, chunked.Body));
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task A_gzip_body_is_decoded()
    {
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Batch(Delete, Delete)));
        }

        await using var front = await Front.StartAsync();

        Assert.Equal(200, (await front.SendAsync("POST", "/api/v2/batch", zipped.ToArray(), Front.Credentials, "Content-Encoding: gzip")).Status);
        Assert.Equal(400, (await front.SendAsync("POST", "/api/v2/batch", Batch(Delete), Front.Credentials, "Content-Encoding: gzip")).Status);
        Assert.Equal(400, (await front.SendAsync("POST", "/api/v2/batch", Batch(Delete), Front.Credentials, "Content-Encoding: br")).Status);
        Assert.Equal([Delete, Delete], front.Sink.Calls.Select(c => c.Body));
        Assert.All(front.Sink.Calls, c => Assert.DoesNotContain("gzip", c.Call.Headers.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/v2/entity")]
    [InlineData("/api/v2/batch")]
    public async Task Credentials_and_the_method_are_checked_first(string path)
    {
        await using var front = await Front.StartAsync();

        var nobody = await front.SendAsync("POST", path, "x", authorization: null);
        var other = await front.SendAsync("PUT", path, "x");

        Assert.Equal((401, """{"meta":{"error":"Unauthorized request"}}"""), (nobody.Status, nobody.Body));
        Assert.Equal((405, "POST"), (other.Status, other.Headers["Allow"]));
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task Where_a_good_operation_cannot_be_stored_the_whole_is_asked_for_again()
    {
        await using var front = await Front.StartAsync();
        front.Sink.Answer = new AcceptResult.Unavailable("The disk is full.", TimeSpan.FromSeconds(3));

        var batch = await front.SendAsync("POST", "/api/v2/batch", Batch(Delete, Wrong, Delete));
        var entity = await front.SendAsync("POST", "/api/v2/entity", Delete);

        const string body = """{"errors":[{"reason":"unavailable","field":"","message":"The disk is full."}]}""";
        Assert.Equal((503, "3", body), (batch.Status, batch.Headers["Retry-After"], batch.Body));
        Assert.Equal((503, "3", body), (entity.Status, entity.Headers["Retry-After"], entity.Body));
    }

    [Fact]
    public async Task Where_too_much_waits_already_the_answer_is_429()
    {
        await using var front = await Front.StartAsync();
        front.Sink.Answer = new AcceptResult.Unavailable("100 calls wait.", TimeSpan.FromSeconds(4)) { IsOverload = true };

        var batch = await front.SendAsync("POST", "/api/v2/batch", Batch(Delete, Delete));

        Assert.Equal((429, "4", """{"errors":[{"reason":"overloaded","field":"","message":"100 calls wait."}]}"""), (batch.Status, batch.Headers["Retry-After"], batch.Body));
    }

    private static string Batch(params string[] operations) => $$"""{"batch":[{{string.Join(',', operations)}}]}""";

    private static string NameOf(HandedOver call) => System.Text.Json.JsonDocument.Parse(call.Call.Body).RootElement.GetProperty("name").GetString()!;

    private static string Unstamped(HandedOver call)
    {
        var stamps = EntityTests.Stamped("{", call.Call);
        return call.Body.StartsWith(stamps, StringComparison.Ordinal) ? "{" + call.Body[stamps.Length..] : call.Body;
    }
}
