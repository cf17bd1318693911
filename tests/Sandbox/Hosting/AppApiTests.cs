using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CioOrleans.Sandbox.Faults;

namespace CioOrleans.Sandbox.Hosting;

public sealed class AppApiTests : HttpTestBase
{
    protected override SandboxOptions Options => new() { AppApiKey = "app", PipelinesWriteKey = "write" };

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
    public async Task A_broadcast_is_answered_with_its_id_and_other_calls_with_some_json()
    {
        using var trigger = await Send("POST", "/v1/campaigns/3/triggers", """{"data":{"seq":1}}""", "Bearer app");
        using var query = await Send("GET", "/v1/customers?email=a", null, "Bearer app");

        Assert.Equal("""{"id":1}""", await trigger.Content.ReadAsStringAsync());
        Assert.Equal("""{"method":"GET","received":null}""", await query.Content.ReadAsStringAsync());
        Assert.Equal(["broadcast", "query"], Server.Report().ByClass.Keys.Order());
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
