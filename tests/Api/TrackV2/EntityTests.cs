using CioOrleans.Api.Tests.Http;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.Tests.TrackV2;

public sealed class EntityTests
{
    public static TheoryData<string, CallKind, string> Operations => new()
    {
        { """{"type":"person","identifiers":{"id":"42"},"action":"identify","attributes":{"n":1.10}}""", CallKind.Identify, "id:42" },
        { """{"type":"person","identifiers":{"email":"Ann@B.c"},"action":"identify"}""", CallKind.Identify, "email:ann@b.c" },
        { """{"type":"person","identifiers":{"phone":"+14155552671"},"action":"identify","attributes":null}""", CallKind.Identify, "phone:+14155552671" },
        { """{"type":"person","identifiers":{"cio_id":"a3"},"action":"identify"}""", CallKind.Identify, "cio:a3" },
        { """{"type":"person","identifiers":{"cio_id":"cio_a3"},"action":"delete"}""", CallKind.DeleteCustomer, "cio:a3" },
        { """{"type":"person","identifiers":{"id":42,"email":null,"cio_id":""},"action":"delete"}""", CallKind.DeleteCustomer, "id:42" },
        { """{"action":"event","name":"bought","identifiers":{"id":"42"},"type":"person"}""", CallKind.Event, "id:42" },
        { """{"type":"person","identifiers":{"anonymous_id":"abc"},"action":"event","name":"bought"}""", CallKind.AnonymousEvent, "anonymous:abc" },
        { """{"type":"person","identifiers":{"anonymous_id":"abc"},"action":"page","name":"/home"}""", CallKind.Page, "anonymous:abc" },
        { """{"type":"person","identifiers":{"id":"42"},"action":"page","name":"/home"}""", CallKind.Page, "id:42" },
        { """{"type":"person","identifiers":{"id":"42"},"action":"screen","name":"Home"}""", CallKind.Screen, "id:42" },
        { """{"type":"person","identifiers":{"id":"42"},"action":"add_relationships","cio_relationships":[]}""", CallKind.AddRelationships, "id:42" },
        { """{"type":"person","identifiers":{"id":"42"},"action":"delete_relationships","cio_relationships":[{"identifiers":{"object_type_id":"1","object_id":"a"}}]}""", CallKind.DeleteRelationships, "id:42" },
        { """{"type":"person","identifiers":{"id":"42"},"action":"add_device","device":{"token":"t","platform":"ios","id":null}}""", CallKind.AddDevice, "id:42" },
        { """{"type":"person","identifiers":{"id":"42"},"action":"delete_device","device":{"token":"t"}}""", CallKind.DeleteDevice, "id:42" },
        { """{"type":"person","identifiers":{"id":"42"},"action":"suppress"}""", CallKind.Suppress, "id:42" },
        { """{"type":"person","identifiers":{"id":"42"},"action":"unsuppress"}""", CallKind.Unsuppress, "id:42" },
        { """{"type":"person","action":"merge","primary":{"id":"1"},"secondary":{"email":"B@b.c"}}""", CallKind.Merge, "id:1" },
        { """{"type":"object","identifiers":{"object_type_id":"1","object_id":"acme"},"action":"identify","attributes":{"a":1}}""", CallKind.IdentifyObject, "object:1:acme" },
        { """{"type":"object","identifiers":{"object_type_id":"1","object_id":"acme"},"action":"identify_anonymous","anonymous_id":"x"}""", CallKind.IdentifyObject, "object:1:acme" },
        { """{"type":"object","identifiers":{"cio_object_id":"obb7"},"action":"delete"}""", CallKind.DeleteObject, "cio-object:obb7" },
        { """{"type":"object","identifiers":{"object_type_id":"2","object_id":"acme"},"action":"add_relationships","cio_relationships":[]}""", CallKind.AddRelationships, "object:2:acme" },
        { """{"type":"object","identifiers":{"object_type_id":"2","object_id":"acme"},"action":"delete_relationships","cio_relationships":[]}""", CallKind.DeleteRelationships, "object:2:acme" },
        { """{"type":"delivery","identifiers":{"id":"RPI="},"action":"event","name":"opened","attributes":{"device_token":"t"}}""", CallKind.Metric, "delivery:RPI=" },
    };

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "{}", "invalid", "type" },
        { """{"type":"person","action":"identify"}""", "required", "identifiers" },
        { """{"type":"person","action":"identify","identifiers":null}""", "required", "identifiers" },
        { """{"type":"person","action":"identify","identifiers":"42"}""", "invalid", "identifiers" },
        { """{"type":"person","action":"identify","identifiers":{}}""", "required", "identifiers" },
        { """{"type":"person","action":"identify","identifiers":{"id":" "}}""", "required", "identifiers" },
        { """{"type":"person","action":"identify","identifiers":{"id":"1","email":"a@b.c"}}""", "invalid", "identifiers" },
        { """{"type":"person","action":"identify","identifiers":{"id":{}}}""", "invalid", "identifiers.id" },
        { """{"type":"person","action":"identify","identifiers":{"id":"a\u0000"}}""", "invalid", "identifiers.id" },
        { """{"type":"person","action":"identify","identifiers":{"anonymous_id":"abc"}}""", "invalid", "identifiers.anonymous_id" },
        { """{"type":"person","action":"identify","identifiers":{"id":"1"},"attributes":[]}""", "invalid", "attributes" },
        { """{"type":"person","action":"identify_anonymous","identifiers":{"id":"1"}}""", "invalid", "action" },
        { """{"type":"person","identifiers":{"id":"1"}}""", "invalid", "action" },
        { """{"type":"person","action":"event","identifiers":{"id":"1"}}""", "required", "name" },
        { """{"type":"person","action":"event","identifiers":{"id":"1"},"name":" "}""", "required", "name" },
        { """{"type":"person","action":"page","identifiers":{"id":"1"},"name":null}""", "required", "name" },
        { """{"type":"person","action":"screen","identifiers":{"id":"1"},"name":7}""", "invalid", "name" },
        { """{"type":"person","action":"event","identifiers":{"id":"1"},"name":"\ud800"}""", "invalid", "" },
        { """{"type":"person","action":"add_relationships","identifiers":{"id":"1"}}""", "required", "cio_relationships" },
        { """{"type":"person","action":"delete_relationships","identifiers":{"id":"1"},"cio_relationships":{}}""", "invalid", "cio_relationships" },
        { """{"type":"person","action":"add_device","identifiers":{"id":"1"}}""", "required", "device" },
        { """{"type":"person","action":"add_device","identifiers":{"id":"1"},"device":"t"}""", "invalid", "device" },
        { """{"type":"person","action":"add_device","identifiers":{"id":"1"},"device":{"platform":"ios"}}""", "required", "device.token" },
        { """{"type":"person","action":"add_device","identifiers":{"id":"1"},"device":{"token":"t"}}""", "required", "device.platform" },
        { """{"type":"person","action":"delete_device","identifiers":{"id":"1"},"device":{"token":""}}""", "required", "device.token" },
        { """{"type":"person","action":"merge","secondary":{"id":"2"}}""", "required", "primary" },
        { """{"type":"person","action":"merge","primary":{"id":"1"}}""", "required", "secondary" },
        { """{"type":"person","action":"merge","primary":{"id":"1","email":"a@b.c"},"secondary":{"id":"2"}}""", "invalid", "primary" },
        { """{"type":"person","action":"merge","primary":{"id":"1"},"secondary":{"phone":"+1"}}""", "invalid", "secondary" },
        { """{"type":"person","action":"merge","primary":{"id":"1"},"secondary":{"id":1}}""", "invalid", "secondary" },
        { """{"type":"object","action":"identify"}""", "required", "identifiers" },
        { """{"type":"object","action":"identify","identifiers":{"object_type_id":"1"}}""", "required", "identifiers.object_id" },
        { """{"type":"object","action":"identify","identifiers":{"object_id":"acme"}}""", "required", "identifiers.object_type_id" },
        { """{"type":"object","action":"suppress","identifiers":{"cio_object_id":"o"}}""", "invalid", "action" },
        { """{"type":"object","action":"add_relationships","identifiers":{"cio_object_id":"o"}}""", "required", "cio_relationships" },
        { """{"type":"delivery","action":"identify","identifiers":{"id":"d"}}""", "invalid", "action" },
        { """{"type":"delivery","action":"event","name":"opened"}""", "required", "identifiers" },
        { """{"type":"delivery","action":"event","name":"opened","identifiers":{}}""", "required", "identifiers.id" },
        { """{"type":"delivery","action":"event","identifiers":{"id":"d"}}""", "required", "name" },
        { """{"type":"delivery","action":"event","identifiers":{"id":"d"},"name":"clicked","attributes":{"device_token":"t"}}""", "invalid", "name" },
        { """{"type":"delivery","action":"event","identifiers":{"id":"d"},"name":"opened","attributes":{}}""", "required", "attributes.device_token" },
    };

    [Theory]
    [InlineData("""{ODD,"type":"person","action":"event","identifiers":{"id":"1"},"name":"e","attributes":{ODD},ODD}""")]
    [InlineData("""{ODD,"type":"person","action":"add_device","identifiers":{"id":"1"},"device":{ODD,"token":"t","platform":"ios",ODD}}""")]
    [InlineData("""{"type":"person","action":"merge","primary":{"id":"1"},"secondary":{"id":"2"},ODD}""")]
    public async Task A_name_with_half_a_character_is_no_name_that_means_anything(string operation)
    {
        await using var front = await Front.StartAsync();
        foreach (var name in (string[])[@"\ud800", @"\udc00x", @"typ\ud800", @"i\udc00", @"\ud800\ud800identifiers"])
        {
            var response = await front.SendAsync("POST", "/api/v2/entity", operation.Replace("ODD", $"\"{name}\":1", StringComparison.Ordinal));

            Assert.Equal((200, "{}"), (response.Status, response.Body));
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_operation_is_answered_like_Customer_io_and_handed_over_whole(string body, CallKind kind, string customer)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/entity", body);

        Assert.Equal((200, "{}", "application/json"), (response.Status, response.Body, response.Headers["Content-Type"]));
        var handedOver = Assert.Single(front.Sink.Calls);
        Assert.Equal(("acme", customer), (handedOver.Workspace, handedOver.Customer));
        Assert.Equal((kind, LimitClass.Batch, CallPriority.Live), (handedOver.Call.Kind, handedOver.Call.LimitClass, handedOver.Call.Priority));
        Assert.Equal(("POST", "/api/v2/entity"), (handedOver.Call.Method, handedOver.Call.Target));
        Assert.Equal(Front.Now, handedOver.Call.AcceptedAt);
        Assert.Equal(Stamped(body, handedOver.Call), handedOver.Body);
        Assert.Equal(kind == CallKind.Merge ? "email:b@b.c" : null, handedOver.Call.OtherCustomer);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_answered_400_with_reason_field_and_message(string body, string reason, string field)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/entity", body);

        Assert.Equal((400, "application/json"), (response.Status, response.Headers["Content-Type"]));
        Assert.Matches($$"""^\{"errors":\[\{"reason":"{{reason}}","field":"{{field}}","message":"[^"].+\."\}\]\}$""", response.Body);
        Assert.Empty(front.Sink.Calls);
    }

    [Theory]
    [InlineData("", "The body is missing. Send a JSON object.")]
    [InlineData("[]", "The body is not a JSON object. Send one: {…}.")]
    [InlineData("""{"type":"person",}""", "The body is not valid JSON (line 1, byte 17). Send one JSON object and nothing after it.")]
    [InlineData("""{"type":"person","identifiers":{"id":"1"},"action":"delete"} x""", "The body is not valid JSON (line 1, byte 61). Send one JSON object and nothing after it.")]
    public async Task What_is_no_JSON_object_is_malformed(string body, string message)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/entity", body);

        Assert.Equal(400, response.Status);
        Assert.Equal($$"""{"errors":[{"reason":"malformed","field":"","message":"{{message}}"}]}""", response.Body);
    }

    [Fact]
    public async Task What_the_caller_gave_is_not_stamped_and_each_stamp_can_be_switched_off()
    {
        const string own = """{"type":"person","identifiers":{"id":"1"},"action":"event","name":"e","id":"x","timestamp":null}""";
        const string none = """{"type":"person","identifiers":{"id":"1"},"action":"event","name":"e"}""";
        const string identify = """{"type":"person","identifiers":{"id":"1"},"action":"identify"}""";
        var workspace = TestWorkspaces.Named("acme", "site", "key") with
        {
            Stamping = new StampingSettings { EventId = false, EventTimestamp = false, IdentifyTimestamp = false },
        };
        await using var stamping = await Front.StartAsync();
        await using var plain = await Front.StartAsync(null, workspace);

        await stamping.SendAsync("POST", "/api/v2/entity", own);
        await plain.SendAsync("POST", "/api/v2/entity", none);
        await plain.SendAsync("POST", "/api/v2/entity", identify);

        Assert.Equal([own], stamping.Sink.Calls.Select(c => c.Body));
        Assert.Equal([none, identify], plain.Sink.Calls.Select(c => c.Body));
    }

    [Fact]
    public async Task Numbers_strings_and_blanks_stay_byte_for_byte()
    {
        const string body = """ { "type" : "person" ,"\u0069dentifiers":{"id":"4\u0032"},"action":"delete","a":[1.10,12345678901234567890,1e400,"\/\u00e9"] } """;
        await using var front = await Front.StartAsync();

        await front.SendAsync("POST", "/api/v2/entity", body);

        var handedOver = Assert.Single(front.Sink.Calls);
        Assert.Equal(("id:42", body.Trim()), (handedOver.Customer, handedOver.Body));
    }

    [Theory]
    [InlineData(32 * 1024, 200)]
    [InlineData((32 * 1024) + 1, 400)]
    public async Task An_operation_may_have_32_KB(int bytes, int status)
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/entity", OfLength(bytes, """{"type":"person","identifiers":{"id":"1"},"action":"suppress","attributes":{"x":"$"}}"""));

        Assert.Equal(status, response.Status);
        Assert.Equal(status == 200 ? "{}" : """{"errors":[{"reason":"size","field":"","message":"The operation is larger than 32768 bytes. Send less."}]}""", response.Body);
    }

    [Fact]
    public async Task An_operation_that_its_stamps_would_make_too_large_is_refused_with_the_reason()
    {
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync("POST", "/api/v2/entity", OfLength(32 * 1024, """{"type":"person","identifiers":{"id":"1"},"action":"event","name":"e","attributes":{"x":"$"}}"""));

        Assert.Equal(400, response.Status);
        Assert.Equal("""{"errors":[{"reason":"size","field":"","message":"The operation is larger than 32768 bytes once its id and timestamp are added (57 bytes). Send less, or give it an id and a timestamp."}]}""", response.Body);
        Assert.Empty(front.Sink.Calls);
    }

    [Fact]
    public async Task An_events_name_may_have_100_bytes_and_a_pages_more()
    {
        await using var front = await Front.StartAsync();
        string Named(string action, int bytes) => $$"""{"type":"person","identifiers":{"id":"1"},"action":"{{action}}","name":"{{new string('n', bytes)}}"}""";

        Assert.Equal(200, (await front.SendAsync("POST", "/api/v2/entity", Named("event", 100))).Status);
        Assert.Equal(200, (await front.SendAsync("POST", "/api/v2/entity", Named("page", 101))).Status);
        var tooLong = await front.SendAsync("POST", "/api/v2/entity", Named("event", 101));

        Assert.Equal(400, tooLong.Status);
        Assert.Contains("""{"reason":"size","field":"name",""", tooLong.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_persons_identifier_may_have_150_bytes()
    {
        await using var front = await Front.StartAsync();
        string Of(string id) => $$"""{"type":"person","identifiers":{"id":"{{id}}"},"action":"delete"}""";

        Assert.Equal(200, (await front.SendAsync("POST", "/api/v2/entity", Of(new string('é', 75)))).Status);
        Assert.Equal(400, (await front.SendAsync("POST", "/api/v2/entity", Of(new string('é', 76)))).Status);
    }

    [Fact]
    public async Task Nesting_beyond_64_levels_is_refused()
    {
        await using var front = await Front.StartAsync();
        string Nested(int levels) => $$"""{"attributes":{"a":{{new string('[', levels - 2)}}{{new string(']', levels - 2)}} },"type":"person","identifiers":{"id":"1"},"action":"identify"}""";

        Assert.Equal(200, (await front.SendAsync("POST", "/api/v2/entity", Nested(64))).Status);
        var tooDeep = await front.SendAsync("POST", "/api/v2/entity", Nested(65));

        Assert.Equal(400, tooDeep.Status);
        Assert.Contains("nested deeper than 64 levels", tooDeep.Body, StringComparison.Ordinal);
    }

    internal static string OfLength(int bytes, string template) => template.Replace("$", new string('x', bytes - template.Length + 1), StringComparison.Ordinal);

    internal static string Stamped(string body, Call call) => call.Kind switch
    {
        CallKind.Identify => "{\"timestamp\":1700000000," + body[1..],
        CallKind.Event or CallKind.Page or CallKind.Screen or CallKind.AnonymousEvent => $"{{\"id\":\"{call.Id}\",\"timestamp\":1700000000," + body[1..],
        _ => body,
    };
}
