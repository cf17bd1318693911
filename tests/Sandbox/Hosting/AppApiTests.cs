using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Sandbox.Hosting;

public sealed class AppApiTests : HttpTestBase
{
    protected override SandboxOptions Options => new() { AppApiKey = "app", PipelinesWriteKey = "write", SettleTime = Patience };

    [Theory]
    [InlineData("email", "transactional-email")]
    [InlineData("push", "transactional-push")]
    [InlineData("sms", "transactional-push")]
    [InlineData("in_app", "transactional-push")]
    [InlineData("inbox_message", "transactional-push")]
    public async Task A_send_is_answered_with_its_delivery_and_counted_by_its_seq(string kind, string limitClass)
    {
        using var response = await SendMessage(kind, 7);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("dlv-1", answer.RootElement.GetProperty("delivery_id").GetString());
        Assert.True(answer.RootElement.GetProperty("queued_at").GetInt64() > 0);
        Assert.Equal([KeyValuePair.Create("7", 1)], Server.Sends());
        Assert.Equal([limitClass], Server.Report().ByClass.Keys);
    }

    [Fact]
    public async Task What_is_sent_twice_is_told_even_where_the_first_answer_was_lost()
    {
        Server.Faults = new SandboxFaults { ServerErrorAfterProcessing = 1 };
        using var lost = await SendMessage("email", 1);
        Server.Faults = new SandboxFaults { ServerError = 1 };
        using var unsent = await SendMessage("email", 2);
        Server.Faults = SandboxFaults.None;
        using var repeated = await SendMessage("email", 1);

        Assert.Equal([HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK], [lost.StatusCode, unsent.StatusCode, repeated.StatusCode]);
        var sends = Server.Report().Sends;
        Assert.Equal((2, 1, 1), (sends.Sent, sends.Distinct, sends.SentTwice));
        Assert.Equal(["1"], sends.Twice);
    }

    [Fact]
    public async Task A_send_without_identifiers_or_with_another_key_is_refused()
    {
        using var nobody = await Send("POST", "/v1/send/email", "{}", "Bearer app");
        using var stranger = await Send("POST", "/v1/send/email", """{"identifiers":{"id":"1"}}""", "Bearer other");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized), (nobody.StatusCode, stranger.StatusCode));
        Assert.Equal("""{"meta":{"error":"identifiers are required"}}""", await nobody.Content.ReadAsStringAsync());
        Assert.Equal(0, Server.Report().Sends.Sent);
    }

    [Fact]
    public async Task A_broadcast_is_answered_with_its_id_and_an_undocumented_request_with_what_was_received()
    {
        using var trigger = await Send("POST", "/v1/campaigns/3/triggers", """{"data":{"seq":1}}""", "Bearer app");
        using var query = await Send("GET", "/v1/unknown", null, "Bearer app");

        Assert.Equal("""{"id":1}""", await trigger.Content.ReadAsStringAsync());
        Assert.Equal("""{"method":"GET","received":null}""", await query.Content.ReadAsStringAsync());
        Assert.Equal(["broadcast", "query"], Server.Report().ByClass.Keys.Order());
    }

    [Theory]
    [InlineData("GET", "/v1/exports", null, """{"exports":[]}""")]
    [InlineData("GET", "/v1/exports/7/download", null, """{"url":""}""")]
    [InlineData("POST", "/v1/exports/customers", """{"filters":{}}""", """{"export":{"id":1,"filters":{}}}""")]
    [InlineData("POST", "/v1/exports/deliveries", """{"newsletter_id":7}""", """{"export":{"id":1,"newsletter_id":7}}""")]
    [InlineData("POST", "/v1/segments", """{"segment":{"name":"n"}}""", """{"segment":{"id":1,"name":"n"}}""")]
    [InlineData("GET", "/v1/segments/7?x=1", null, """{"segment":{"id":7}}""")]
    [InlineData("GET", "/v1/segments/7/membership", null, """{"ids":[],"identifiers":[],"next":""}""")]
    [InlineData("GET", "/v1/campaigns/7/actions/8/metrics/links", null, """{"links":[]}""")]
    [InlineData("PUT", "/v1/broadcasts/7/actions/8/language/de", """{"body":"b"}""", """{"action":{"id":"de","body":"b"}}""")]
    [InlineData("DELETE", "/v1/segments/7", null, "")]
    [InlineData("GET", "/v1/collections/7/content", null, "[]")]
    [InlineData("PUT", "/v1/reporting_webhooks/7", """{"id":9,"name":"n"}""", """{"id":7,"name":"n"}""")]
    public async Task A_documented_request_is_answered_in_its_shape(string method, string target, string? body, string answer)
    {
        using var response = await Send(method, target, body, "Bearer app");

        Assert.Equal(answer.Length == 0 ? HttpStatusCode.NoContent : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Attributes_that_a_person_was_given_are_read_back_as_strings()
    {
        using var v1 = await Send("PUT", "/api/v1/customers/u%2F1", """{"email":"a@b.c","first_name":"Ann","n":1.5}""", "Basic eDp5");
        using var v2 = await Send("POST", "/api/v2/entity", """{"type":"person","action":"identify","identifiers":{"id":"u/1"},"attributes":{"n":true}}""", "Basic eDp5");

        foreach (var key in new[] { "u%2F1", "a%40b.c" })
        {
            using var known = await Send("GET", $"/v1/customers/{key}/attributes?id_type=id", null, "Bearer app");
            using var answer = JsonDocument.Parse(await known.Content.ReadAsStringAsync());
            Assert.Equal("""{"email":"a@b.c","first_name":"Ann","n":"True"}""", answer.RootElement.GetProperty("customer").GetProperty("attributes").GetRawText());
        }

        using var found = await Send("GET", "/v1/customers?email=a%40b.c", null, "Bearer app");
        using var absent = await Send("GET", "/v1/customers?email=x", null, "Bearer app");
        Assert.Equal("""{"results":[{"id":"u/1","email":"a@b.c","cio_id":"cio_u/1"}]}""", await found.Content.ReadAsStringAsync());
        Assert.Equal("""{"results":[]}""", await absent.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_query_waits_for_a_person_whose_call_is_on_its_way()
    {
        var query = Send("GET", "/v1/customers/u1/attributes", null, "Bearer app");
        await Until(() => Server.Report().Arrivals == 1);
        using var identify = await Send("PUT", "/api/v1/customers/u1", """{"plan":"pro"}""", "Basic eDp5");

        using var response = await query;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("7")]
    [InlineData("Thu, 01 Jan 2026 00:00:05 GMT")]
    public async Task A_429_of_one_class_has_the_Retry_After_that_is_set_or_no_header(string? setting)
    {
        Server.Faults = new SandboxFaults { Throttled = 1, Classes = "query", RetryAfter = setting };

        using var query = await Send("GET", "/v1/exports", null, "Bearer app");
        using var send = await SendMessage("email", 1);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (query.StatusCode, send.StatusCode));
        Assert.Equal(setting, query.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.ToString() : null);
        Assert.DoesNotContain(query.Headers, h => h.Key.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_Retry_After_can_be_a_date_ahead_of_the_answer()
    {
        Server.Faults = new SandboxFaults { Unavailable = 1, RetryAfter = "date+3600" };
        var before = TimeProvider.System.GetUtcNow();

        using var response = await Send("GET", "/v1/exports", null, "Bearer app");

        // A date has whole seconds.
        Assert.InRange(response.Headers.RetryAfter!.Date!.Value, before.AddSeconds(3599), TimeProvider.System.GetUtcNow().AddSeconds(3600));
    }

    [Fact]
    public async Task Pipelines_calls_stand_in_the_order_of_their_person()
    {
        using var first = await Pipelines("identify", """{"userId":"u","traits":{"seq":1}}""");
        using var batch = await Pipelines(
            "batch",
            """{"batch":[{"type":"track","event":"e","userId":"u","properties":{"seq":3}},{"type":"track","event":"e","anonymousId":"a","properties":{"seq":1}}]}""",
            zip: true);
        using var late = await Pipelines("track", """{"event":"e","userId":"u","properties":{"seq":2}}""");

        Assert.Equal("{}", await batch.Content.ReadAsStringAsync());
        Assert.Equal((4, 2, 1), (Server.Report().Order.Processed, Server.Report().Order.Customers, Server.Report().Order.OrderViolations));
        Assert.Equal(3, Server.Customer("u")!.DistinctSeqs);
        Assert.Equal(1, Server.Customer("anonymous:a")!.DistinctSeqs);
    }

    [Fact]
    public async Task A_batch_with_a_bad_call_is_refused_whole()
    {
        using var response = await Pipelines("batch", """{"batch":[{"type":"identify","userId":"u"},{"type":"track","userId":"u"}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("""{"meta":{"errors":["event is required"]}}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, Server.Report().Order.Processed);
    }

    private Task<HttpResponseMessage> SendMessage(string kind, int seq) =>
        Send("POST", $"/v1/send/{kind}", $$$"""{"identifiers":{"id":"1"},"message_data":{"seq":{{{seq}}}}}""", "Bearer app");

    private async Task<HttpResponseMessage> Pipelines(string call, string body, bool zip = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/" + call);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("write:"u8));
        request.Content = new ByteArrayContent(zip ? Zip(body) : Encoding.UTF8.GetBytes(body));
        if (zip)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

        return await Client.SendAsync(request);
    }

    private static byte[] Zip(string text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return zipped.ToArray();
    }
}
