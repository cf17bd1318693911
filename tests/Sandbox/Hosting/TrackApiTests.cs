using System.Net;

namespace CioOrleans.Sandbox.Hosting;

/// <summary>Every path, method and status of Customer.io's OpenAPI document of the Track API.</summary>
public sealed class TrackApiTests : HttpTestBase
{
    private const string Authorized = "Basic c2l0ZTprZXk=";
    private const string Person = """{"id":"u1"}""";

    protected override SandboxOptions Options => new() { SiteId = "site", ApiKey = "key" };

    public static TheoryData<string, string, string?> Successes { get; } = new()
    {
        { "PUT", "/api/v1/customers/u1", """{"email":"a@b.c","seq":1}""" },
        { "PUT", "/api/v1/customers/u1", "null" },
        { "PUT", "/api/v1/customers/u1", "" },
        { "DELETE", "/api/v1/customers/u1", null },
        { "DELETE", "/api/v1/customers/u1", "{}" },
        { "PUT", "/api/v1/customers/u1/devices", """{"device":{"id":"d1","platform":"ios"}}""" },
        { "DELETE", "/api/v1/customers/u1/devices/d1", null },
        { "POST", "/api/v1/customers/u1/suppress", "" },
        { "POST", "/api/v1/customers/u1/unsuppress", null },
        { "POST", "/unsubscribe/dgOq6QQBAAFj", """{"unsubscribe":true}""" },
        { "POST", "/api/v1/customers/u1/events", """{"name":"bought","data":{"seq":1}}""" },
        { "POST", "/api/v1/customers/u1/events", """{"name":"/home","type":"page"}""" },
        { "POST", "/api/v1/customers/u1/events", """{"name":"Home","type":"screen"}""" },
        { "POST", "/api/v1/events", """{"name":"bought","anonymous_id":"n1"}""" },
        { "POST", "/api/v1/merge_customers", $$$"""{"primary":{{{Person}}},"secondary":{"email":"a@b.c"}}""" },
        { "POST", "/api/v1/metrics", """{"delivery_id":"d","metric":"opened"}""" },
        { "POST", "/api/v1/push/events", """{"delivery_id":"d","event":"opened","device_id":"x","timestamp":1}""" },
        { "POST", "/push/events", """{"delivery_id":"d","event":"opened","device_id":"x","timestamp":1}""" },
        { "POST", "/api/v1/segments/7/add_customers", """{"ids":["1","2"]}""" },
        { "POST", "/api/v1/segments/7/remove_customers", """{"ids":["1"]}""" },
        { "POST", "/api/v2/entity", $$$"""{"type":"person","action":"identify","identifiers":{{{Person}}}}""" },
        { "POST", "/api/v2/batch", $$$"""{"batch":[{"type":"person","action":"identify","identifiers":{{{Person}}}}]}""" },
    };

    public static TheoryData<string, string, string?, string> Refusals { get; } = new()
    {
        { "PUT", "/api/v1/customers/u1", "{", """{"meta":{"errors":["malformed JSON"]}}""" },
        { "PUT", "/api/v1/customers/u1", "[]", """{"meta":{"errors":["body must be an object"]}}""" },
        { "PUT", $"/api/v1/customers/{new string('x', 151)}", "{}", """{"meta":{"errors":["identifier is longer than 150 bytes"]}}""" },
        { "PUT", "/api/v1/customers/u1/devices", "{}", """{"meta":{"errors":["device is required"]}}""" },
        { "PUT", "/api/v1/customers/u1/devices", """{"device":{"platform":"ios"}}""", """{"meta":{"errors":["device.id is required"]}}""" },
        { "PUT", "/api/v1/customers/u1/devices", """{"device":{"id":"d"}}""", """{"meta":{"errors":["device.platform is required"]}}""" },
        { "POST", "/api/v1/customers/u1/events", """{"data":{}}""", """{"meta":{"errors":["name is required"]}}""" },
        { "POST", "/api/v1/customers/u1/events", "null", """{"meta":{"errors":["body must be an object"]}}""" },
        { "POST", "/api/v1/customers/u1/events", $$"""{"name":"{{new string('x', 101)}}"}""", """{"meta":{"errors":["name is longer than 100 bytes"]}}""" },
        { "POST", "/api/v1/customers/u1/events", $$$"""{"name":"n","data":{"x":"{{{new string('x', 100_000)}}}"}}""", """{"meta":{"errors":["data is longer than 100000 bytes"]}}""" },
        { "POST", "/api/v1/events", "", """{"meta":{"errors":["body must be an object"]}}""" },
        { "POST", "/api/v1/forms/f1/submit", """{"data":1}""", """{"meta":{"errors":["data is required"]}}""" },
        { "POST", "/api/v1/segments/7/add_customers", """{"ids":[]}""", """{"meta":{"errors":["ids must hold 1 to 1000 ids"]}}""" },
        { "POST", "/unsubscribe/d", "{", """{"meta":{"errors":["malformed JSON"]}}""" },
        { "POST", "/api/v1/merge_customers", """{"primary":{"id":"a","email":"b"},"secondary":{"id":"c"}}""", """{"meta":{"error":"primary must hold exactly one of id, email and cio_id"}}""" },
        { "POST", "/api/v1/merge_customers", """{"primary":{"id":"a"}}""", """{"meta":{"error":"secondary must hold exactly one of id, email and cio_id"}}""" },
        { "POST", "/api/v1/merge_customers", "null", """{"meta":{"error":"body must be an object"}}""" },
        { "POST", "/api/v2/entity", "{", """{"errors":[{"reason":"malformed","field":"","message":"malformed JSON"}]}""" },
        { "POST", "/api/v2/entity", """{"type":"x"}""", """{"errors":[{"reason":"invalid","field":"type","message":"type must be person, object or delivery"}]}""" },
        { "POST", "/api/v2/batch", "{}", """{"errors":[{"reason":"required","field":"batch","message":"batch must be an array"}]}""" },
    };

    public static TheoryData<string, string> WithCredentials { get; } = new()
    {
        { "GET", "/api/v1/accounts/region" },
        { "PUT", "/api/v1/customers/u1" },
        { "DELETE", "/api/v1/customers/u1" },
        { "PUT", "/api/v1/customers/u1/devices" },
        { "DELETE", "/api/v1/customers/u1/devices/d1" },
        { "POST", "/api/v1/customers/u1/suppress" },
        { "POST", "/api/v1/customers/u1/unsuppress" },
        { "POST", "/api/v1/customers/u1/events" },
        { "POST", "/api/v1/events" },
        { "POST", "/api/v1/forms/f1/submit" },
        { "POST", "/api/v1/merge_customers" },
        { "POST", "/api/v1/segments/7/add_customers" },
        { "POST", "/api/v1/segments/7/remove_customers" },
        { "POST", "/api/v2/entity" },
        { "POST", "/api/v2/batch" },
    };

    [Theory]
    [MemberData(nameof(Successes))]
    public async Task What_is_valid_is_answered_with_an_empty_object(string method, string target, string? body)
    {
        using var response = await Send(method, target, body, Authorized);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
        Assert.Equal(1, Server.Report().Order.Processed);
    }

    [Fact]
    public async Task A_form_is_answered_without_content()
    {
        using var response = await Send("POST", "/api/v1/forms/f1/submit", """{"data":{"email":"a@b.c"}}""", Authorized);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(string.Empty, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_region_is_told()
    {
        using var response = await Send("GET", "/api/v1/accounts/region", null, Authorized);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"url":"https://track.customer.io","region":"us","environment_id":1}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_is_invalid_is_answered_400_in_its_shape_and_not_processed(string method, string target, string? body, string expected)
    {
        using var response = await Send(method, target, body, Authorized);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Equal(0, Server.Report().Order.Processed);
    }

    [Theory]
    [MemberData(nameof(WithCredentials))]
    public async Task Wrong_or_no_credentials_are_answered_401(string method, string target)
    {
        using var none = await Send(method, target, "{}");
        using var wrong = await Send(method, target, "{}", "Basic c2l0ZTp3cm9uZw==");

        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal("""{"meta":{"error":"Unauthorized request"}}""", await wrong.Content.ReadAsStringAsync());
        Assert.Equal(0, Server.Report().Order.Processed);
    }

    [Theory]
    [InlineData("/api/v1/metrics")]
    [InlineData("/api/v1/push/events")]
    [InlineData("/push/events")]
    [InlineData("/unsubscribe/d")]
    public async Task What_takes_no_credentials_is_answered_without_them(string target)
    {
        using var response = await Send("POST", target, "{}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task What_Customer_io_does_not_have_is_404_and_another_method_405()
    {
        using var unknown = await Send("POST", "/v3/send/email", "{}", Authorized);
        using var method = await Send("GET", "/api/v1/customers/u1/events", null, Authorized);

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, method.StatusCode);
        Assert.Equal(2, Server.Report().ByClass["other"]);
    }
}
