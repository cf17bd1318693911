using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Api.Tests.Http;

/// <summary>Every path and method of Customer.io's published document for Track v1.</summary>
public sealed class TrackPathTests
{
    public static TheoryData<string, string, string?, CallKind, LimitClass, string> Calls => new()
    {
        { "PUT", "/api/v1/customers/42", """{"plan":"pro"}""", CallKind.Identify, LimitClass.Identify, "id:42" },
        { "DELETE", "/api/v1/customers/42", null, CallKind.DeleteCustomer, LimitClass.Identify, "id:42" },
        { "PUT", "/api/v1/customers/42/devices", """{"device":{"id":"t","platform":"ios"}}""", CallKind.AddDevice, LimitClass.Identify, "id:42" },
        { "DELETE", "/api/v1/customers/42/devices/a%2Fb", null, CallKind.DeleteDevice, LimitClass.Identify, "id:42" },
        { "POST", "/api/v1/customers/42/suppress", null, CallKind.Suppress, LimitClass.Identify, "id:42" },
        { "POST", "/api/v1/customers/42/unsuppress", null, CallKind.Unsuppress, LimitClass.Identify, "id:42" },
        { "POST", "/api/v1/customers/42/events", """{"name":"bought"}""", CallKind.Event, LimitClass.Track, "id:42" },
        { "POST", "/api/v1/customers/42/events", """{"name":"/home","type":"page"}""", CallKind.Page, LimitClass.Page, "id:42" },
        { "POST", "/api/v1/customers/42/events", """{"type":"screen","name":"Home"}""", CallKind.Screen, LimitClass.Page, "id:42" },
        { "POST", "/api/v1/customers/42/events", """{"type":"event","name":"bought"}""", CallKind.Event, LimitClass.Track, "id:42" },
        { "POST", "/api/v1/events", """{"name":"bought","anonymous_id":"abc"}""", CallKind.AnonymousEvent, LimitClass.Track, "anonymous:abc" },
        { "POST", "/api/v1/events", """{"name":"/home","type":"page","anonymous_id":"abc"}""", CallKind.Page, LimitClass.Page, "anonymous:abc" },
        { "POST", "/api/v1/forms/f1/submit", """{"data":{"email":"a@b.c"}}""", CallKind.Form, LimitClass.Track, "form:f1" },
        { "POST", "/api/v1/merge_customers", """{"primary":{"id":"1"},"secondary":{"email":"B@b.c"}}""", CallKind.Merge, LimitClass.Identify, "id:1" },
        { "POST", "/api/v1/metrics", """{"delivery_id":"d1","metric":"opened"}""", CallKind.Metric, LimitClass.Track, "delivery:d1" },
        { "POST", "/api/v1/push/events", """{"delivery_id":"d1","event":"opened"}""", CallKind.PushMetric, LimitClass.Track, "delivery:d1" },
        { "POST", "/push/events", """{"delivery_id":"d1","event":"opened"}""", CallKind.PushMetric, LimitClass.Track, "delivery:d1" },
        { "POST", "/api/v1/segments/7/add_customers?id_type=email", """{"ids":["a@b.c"]}""", CallKind.AddToSegment, LimitClass.Identify, "segment:7" },
        { "POST", "/api/v1/segments/7/remove_customers", """{"ids":["1","2"]}""", CallKind.RemoveFromSegment, LimitClass.Identify, "segment:7" },
        { "POST", "/unsubscribe/d1", """{"unsubscribe":true}""", CallKind.Unsubscribe, LimitClass.Track, "delivery:d1" },
    };

    public static TheoryData<string, string> Methods => new()
    {
        { "/api/v1/accounts/region", "GET" },
        { "/api/v1/customers/42", "PUT, DELETE" },
        { "/api/v1/customers/42/devices", "PUT" },
        { "/api/v1/customers/42/devices/d", "DELETE" },
        { "/api/v1/customers/42/suppress", "POST" },
        { "/api/v1/customers/42/unsuppress", "POST" },
        { "/api/v1/customers/42/events", "POST" },
        { "/api/v1/events", "POST" },
        { "/api/v1/forms/f/submit", "POST" },
        { "/api/v1/merge_customers", "POST" },
        { "/api/v1/metrics", "POST" },
        { "/api/v1/push/events", "POST" },
        { "/push/events", "POST" },
        { "/api/v1/segments/7/add_customers", "POST" },
        { "/api/v1/segments/7/remove_customers", "POST" },
        { "/unsubscribe/d", "POST" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_is_answered_like_Customer_io_and_handed_over_whole(string method, string target, string? body, CallKind kind, LimitClass limitClass, string customer)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync(method, target, body);

        AssertSuccess(response, kind == CallKind.Form ? 204 : 200);
        var handedOver = Assert.Single(front.Sink.Calls);
        Assert.Equal("acme", handedOver.Workspace);
        Assert.Equal(customer, handedOver.Customer);
        Assert.Equal((kind, limitClass, CallPriority.Live), (handedOver.Call.Kind, handedOver.Call.LimitClass, handedOver.Call.Priority));
        Assert.Equal((method, target), (handedOver.Call.Method, handedOver.Call.Target));
        Assert.Equal(Front.Now, handedOver.Call.AcceptedAt);
        Assert.Equal(Expected(body, handedOver.Call), handedOver.Body);
        Assert.Equal(kind == CallKind.Merge ? "email:b@b.c" : null, handedOver.Call.OtherCustomer);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Another_method_is_answered_405_with_those_allowed(string path, string allowed)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("PATCH", path);

        Assert.Equal(405, response.Status);
        Assert.Equal(allowed, response.Headers["Allow"]);
        Assert.Equal($$$"""{"meta":{"error":"The method is not allowed here. Allowed: {{{allowed}}}."}}""", response.Body);
        Assert.Empty(front.Sink.Calls);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/customers")]
    [InlineData("/api/v1/customers/42/nothing")]
    [InlineData("/api/v1/customers/42/events/1")]
    [InlineData("/api/v1/customers/42/devices/a/b")]
    [InlineData("/api/v1/forms/f")]
    [InlineData("/api/v1/segments/7")]
    [InlineData("/api/v1/nothing.json")]
    [InlineData("/API/v1/events")]
    [InlineData("/unsubscribe/a/b")]
    [InlineData("/api/v2/nothing")]
    public async Task An_unknown_path_is_answered_404_in_Customer_ios_shape(string path)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", path, "{}");

        Assert.Equal(404, response.Status);
        Assert.Equal("application/json", response.Headers["Content-Type"]);
        Assert.Equal("""{"meta":{"error":"There is no such path in the Track API. Check the path and its prefix: /api/v1/…"}}""", response.Body);
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task The_region_is_asked_of_Customer_io()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("GET", "/api/v1/accounts/region");

        Assert.EndsWith("GET /api/v1/accounts/region for acme as Identify\r\n0\r\n\r\n", response.Body, StringComparison.Ordinal);
        Assert.Equal(401, (await front.SendAsync("GET", "/api/v1/accounts/region", authorization: null)).Status);
    }

    [Fact]
    public async Task What_the_host_maps_beside_the_Track_API_is_reached()
    {
        await using var front = await Front.StartAsync();

        Assert.Contains("pong", (await front.SendAsync("GET", "/admin/ping")).Body, StringComparison.Ordinal);
    }

    private static void AssertSuccess(RawResponse response, int status)
    {
        Assert.Equal(status, response.Status);
        if (status == 200)
        {
            Assert.Equal("{}", response.Body);
            Assert.Equal("application/json", response.Headers["Content-Type"]);
            Assert.Equal("2", response.Headers["Content-Length"]);
        }
        else
        {
            Assert.Equal("", response.Body);
        }
    }

    private static string Expected(string? body, Call call) => call.Kind switch
    {
        CallKind.Identify => "{\"_timestamp\":1700000000," + body![1..],
        CallKind.Event or CallKind.Page or CallKind.Screen or CallKind.AnonymousEvent => $"{{\"id\":\"{call.Id}\",\"timestamp\":1700000000," + body![1..],
        _ => body ?? "",
    };
}
