using System.Net;
using CioOrleans.Sandbox.Faults;
using CioOrleans.Sandbox.Reporting;

namespace CioOrleans.Sandbox.Hosting;

public sealed class BatchTests : HttpTestBase
{
    [Fact]
    public async Task The_operations_of_a_batch_are_counted_in_their_order_with_v1_calls_of_the_same_person()
    {
        using var v1 = await Identify("u1", 5);
        using var v2 = await Batch(Event("""{"id":"u1"}""", 7), Event("""{"id":"u1"}""", 6), Event("""{"email":"a@b.c"}""", 1), Event("""{"cio_id":"x"}""", 1));

        Assert.Equal(HttpStatusCode.OK, v2.StatusCode);
        Assert.Equal("{}", await v2.Content.ReadAsStringAsync());
        Assert.Equal(new CustomerReport("u1", 3, 3, 0, 1, 0), Server.Customer("u1"));
        Assert.NotNull(Server.Customer("a@b.c"));
        Assert.NotNull(Server.Customer("cio_x"));
        Assert.Equal((2, 5, 1), (Server.Report().Arrivals, Server.Report().Order.Processed, Server.Report().ByClass["batch"]));
    }

    [Fact]
    public async Task An_invalid_operation_does_not_spoil_the_rest()
    {
        using var response = await Batch(Event("""{"id":"u1"}""", 1), """{"type":"person","action":"jump","identifiers":{"id":"u1"}}""", "1", """{"type":"person","action":"event","name":"n"}""");

        Assert.Equal(HttpStatusCode.MultiStatus, response.StatusCode);
        Assert.Equal(
            """{"errors":[{"reason":"invalid","field":"action","message":"action is unknown","batch_index":1},{"reason":"invalid","field":"","message":"an operation must be an object","batch_index":2},{"reason":"required","field":"identifiers","message":"identifiers are required","batch_index":3}]}""",
            await response.Content.ReadAsStringAsync());
        Assert.Equal(1, Server.Report().Order.Processed);
    }

    [Fact]
    public async Task Operations_fail_at_the_rate_they_are_told_to()
    {
        Server.Faults = new SandboxFaults { FailedItems = 0.5 };
        using var response = await Batch([.. Enumerable.Range(0, 200).Select(i => Event("""{"id":"u1"}""", i))]);

        Assert.Equal(HttpStatusCode.MultiStatus, response.StatusCode);
        Assert.InRange(Server.Report().Order.Processed, 60, 140);
    }

    [Fact]
    public async Task What_is_too_long_is_refused()
    {
        var text = new string('x', 33 * 1024);
        using var item = await Batch($$$"""{"type":"person","action":"identify","identifiers":{"id":"u1"},"attributes":{"a":"{{{text}}}"}}""");
        using var whole = await Batch([.. Enumerable.Range(0, 16).Select(_ => $"\"{text}\"")]);

        Assert.Equal((HttpStatusCode.MultiStatus, HttpStatusCode.BadRequest), (item.StatusCode, whole.StatusCode));
        Assert.Equal(0, Server.Report().Order.Processed);
    }

    private static string Event(string identifiers, int seq) =>
        $$$"""{"type":"person","action":"event","name":"n","id":"e{{{seq}}}","identifiers":{{{identifiers}}},"attributes":{"seq":{{{seq}}}}}""";

    private Task<HttpResponseMessage> Batch(params string[] operations) =>
        Send("POST", "/api/v2/batch", $$"""{"batch":[{{string.Join(',', operations)}}]}""");
}
