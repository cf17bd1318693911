using System.Text;
using CioOrleans.Api.Tests.Http;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.Tests.TrackV2.Translation;

/// <summary>Row by row: what leaves by v2 where all calls may leave in batches, and what stays v1 because v2 would lose something of it.</summary>
public sealed class V1TranslationTests
{
    private static readonly string _id = "\"id\":\"01HF7YAT00ABCDEFGHJKMNPQRS\",\"timestamp\":7";

    private static WorkspaceSettings Acme => TestWorkspaces.Named("acme", "site", "key") with { Batching = new BatchingSettings { Mode = BatchingMode.All } };

    public static TheoryData<string, string, string?, string> Translated => new()
    {
        // Who it is: guessed from the path value's shape; the cio_ prefix goes.
        { "DELETE", "customers/42", null, """{"type":"person","action":"delete","identifiers":{"id":"42"}}""" },
        { "DELETE", "customers/a%20b%2Fc%2Bd%22", null, """{"type":"person","action":"delete","identifiers":{"id":"a b/c+d\""}}""" },
        { "DELETE", "customers/%C3%A9", null, """{"type":"person","action":"delete","identifiers":{"id":"é"}}""" },
        { "DELETE", "customers/Ann%40B.c", "{}", """{"type":"person","action":"delete","identifiers":{"email":"Ann@B.c"}}""" },
        { "DELETE", "customers/cio_a3", "null", """{"type":"person","action":"delete","identifiers":{"cio_id":"a3"}}""" },
        { "DELETE", "customers/+14155552671", null, """{"type":"person","action":"delete","identifiers":{"id":"+14155552671"}}""" },

        // Attributes: _timestamp becomes timestamp, everything else stays as it was written.
        { "PUT", "customers/42", """{"_timestamp":7}""", """{"type":"person","action":"identify","identifiers":{"id":"42"},"timestamp":7,"attributes":{}}""" },
        { "PUT", "customers/42", """{ "a" : 1.10 , "_timestamp" : 7 ,"\u0062":["\/",1e400],"email":"a@b.c" }""", """{"type":"person","action":"identify","identifiers":{"id":"42"},"timestamp":7,"attributes":{"a" : 1.10,"\u0062":["\/",1e400],"email":"a@b.c"}}""" },
        { "PUT", "customers/42", """{"_update":true,"cio_subscription_preferences":{"topics":{"topic_1":true}},"unsubscribed":false,"created_at":1,"_timestamp":7}""", """{"type":"person","action":"identify","identifiers":{"id":"42"},"timestamp":7,"attributes":{"_update":true,"cio_subscription_preferences":{"topics":{"topic_1":true}},"unsubscribed":false,"created_at":1}}""" },
        { "PUT", "customers/42", "{}", """{"timestamp":1700000000,"type":"person","action":"identify","identifiers":{"id":"42"},"attributes":{}}""" },

        // Events: data becomes attributes, the type becomes the action.
        { "POST", "customers/42/events", $$"""{"name":"e","data":{ "x":1.0 },{{_id}}}""", $$$"""{"type":"person","action":"event","identifiers":{"id":"42"},{{{_id}}},"name":"e","attributes":{ "x":1.0 }}""" },
        { "POST", "customers/42/events", $$"""{"type":"event","name":"\u00e9",{{_id}}}""", $$"""{"type":"person","action":"event","identifiers":{"id":"42"},{{_id}},"name":"\u00e9"}""" },
        { "POST", "customers/42/events", $$"""{{{_id}},"type":"page","name":"/home"}""", $$"""{"type":"person","action":"page","identifiers":{"id":"42"},{{_id}},"name":"/home"}""" },
        { "POST", "customers/42/events", $$"""{{{_id}},"type":"screen","name":"Home"}""", $$"""{"type":"person","action":"screen","identifiers":{"id":"42"},{{_id}},"name":"Home"}""" },

        // Devices: id becomes token.
        { "PUT", "customers/42/devices", """{"device":{"id":"t","platform":"ios","last_used":5,"attributes":{"x":"y"}}}""", """{"type":"person","action":"add_device","identifiers":{"id":"42"},"device":{"token":"t","platform":"ios","last_used":5,"attributes":{"x":"y"}}}""" },
        { "PUT", "customers/42/devices", """{"device":{"platform":"ios","id":"t"}}""", """{"type":"person","action":"add_device","identifiers":{"id":"42"},"device":{"token":"t","platform":"ios"}}""" },
        { "DELETE", "customers/42/devices/a%2Fb%22", "{}", """{"type":"person","action":"delete_device","identifiers":{"id":"42"},"device":{"token":"a/b\""}}""" },

        { "POST", "customers/42/suppress", "", """{"type":"person","action":"suppress","identifiers":{"id":"42"}}""" },
        { "POST", "customers/42/unsuppress", "{}", """{"type":"person","action":"unsuppress","identifiers":{"id":"42"}}""" },
        { "POST", "merge_customers", """{"secondary":{ "email":"B@b.c"},"primary":{"id":"1"}}""", """{"type":"person","action":"merge","primary":{"id":"1"},"secondary":{ "email":"B@b.c"}}""" },
        { "POST", "merge_customers", """{"primary":{"cio_id":"a3"},"secondary":{"id":"2"}}""", """{"type":"person","action":"merge","primary":{"cio_id":"a3"},"secondary":{"id":"2"}}""" },
    };

    public static TheoryData<string, string, string?> Untranslated => new()
    {
        // Shapes that leave a doubt, and what a query may mean.
        { "DELETE", "customers/cio_", null },
        { "DELETE", "customers/cio_a%40b", null },
        { "DELETE", "customers/a%40b%40c", null },
        { "DELETE", "customers/%40b", null },
        { "DELETE", "customers/b%40", null },
        { "DELETE", "customers/a%20b%40c", null },
        { "DELETE", "customers/42?x=1", null },

        // Bodies that say something where v2 has no place for it.
        { "DELETE", "customers/42", """{"a":1}""" },
        { "DELETE", "customers/42/devices/t", """{"a":1}""" },
        { "POST", "customers/42/suppress", """{"a":1}""" },
        { "POST", "customers/42/unsuppress", """{"a":1}""" },

        // Attributes that v2 has in another form, or does not document.
        { "PUT", "customers/42", """{"cio_relationships":{"action":"add_relationships","relationships":[]}}""" },
        { "PUT", "customers/42", """{"id":"43"}""" },
        { "PUT", "customers/42", """{"anonymous_id":"x"}""" },
        { "PUT", "customers/42", """{"_timestamp":"7"}""" },
        { "PUT", "customers/42", """{"_timestamp":7.5}""" },
        { "PUT", "customers/42", """{"_timestamp":null}""" },
        { "PUT", "customers/42", """{"_timestamp":7,"_timestamp":8}""" },
        { "PUT", "customers/42", """{"a":{"x":1,"\ud800":2},"\u0061":{"\ud800":2},"attributes":1,"_timestamp":7,"anonymous\u005fid":1}""" },

        // Names and values with half of a character, short and long, at any depth.
        { "PUT", "customers/42", """{"a":"\ud800"}""" },
        { "PUT", "customers/42", """{"a":[{"b":{"x\udc00":1}}]}""" },
        { "PUT", "customers/42", """{"a":"\ud83d\\ude00"}""" },
        { "POST", "customers/42/events", """{"name":"e","data":{"a":["\ude00\ud83d"]}}""" },
        { "POST", "customers/42/events", """{"name":"e","data":{"\ud800":1}}""" },
        { "PUT", "customers/42", """{"\ud800":1}""" },
        { "PUT", "customers/42", """{"a\udc00\ud800bcdefghi":1,"\ud83d\ude00":2}""" },
        { "POST", "customers/42/events", """{"\ud800":1,"name":"e"}""" },
        { "POST", "customers/42/events", """{"name":"e","data":{},"timestam\udc00":1}""" },
        { "PUT", "customers/42/devices", """{"\ud800":1,"device":{"id":"t","platform":"ios"}}""" },
        { "PUT", "customers/42/devices", """{"device":{"\ud800":1,"id":"t","platform":"ios","i\udc00":1}}""" },
        { "PUT", "customers/42/devices", """{"device":{"id":"t","platform":"ios","attributes":{"\ud800":1}}}""" },

        // Events with members that v2 does not know, or of other kinds than it takes.
        { "POST", "customers/42/events", """{"name":"e","anonymous_id":"x"}""" },
        { "POST", "customers/42/events", """{"name":"e","type":"custom"}""" },
        { "POST", "customers/42/events", """{"name":"e","type":null}""" },
        { "POST", "customers/42/events", """{"name":"e","data":null}""" },
        { "POST", "customers/42/events", """{"name":"e","data":[1]}""" },
        { "POST", "customers/42/events", """{"name":"e","id":7}""" },
        { "POST", "customers/42/events", """{"name":"e","id":null}""" },
        { "POST", "customers/42/events", """{"name":"e","timestamp":"7"}""" },
        { "POST", "customers/42/events", """{"name":"e","timestamp":7e1}""" },
        { "POST", "customers/42/events", """{"name":"e","name":"f"}""" },
        { "POST", "events", """{"name":"e","anonymous_id":"x"}""" },
        { "POST", "events", """{"name":"/home","type":"page","anonymous_id":"x"}""" },

        // Devices with attributes beside the documented ones.
        { "PUT", "customers/42/devices", """{"device":{"id":"t","platform":"ios","app_version":"1"}}""" },
        { "PUT", "customers/42/devices", """{"device":{"id":7,"platform":"ios"}}""" },
        { "PUT", "customers/42/devices", """{"device":{"id":"t","platform":"ios","last_used":"5"}}""" },
        { "PUT", "customers/42/devices", """{"device":{"id":"t","platform":"ios","attributes":null}}""" },
        { "PUT", "customers/42/devices", """{"device":{"id":"t","platform":"ios"},"x":1}""" },

        { "POST", "merge_customers", """{"primary":{"id":1},"secondary":{"id":"2"}}""" },
        { "POST", "merge_customers", """{"primary":{"cio_id":"cio_a"},"secondary":{"id":"2"}}""" },
        { "POST", "merge_customers", """{"primary":{"id":"1","x":1},"secondary":{"id":"2"}}""" },
        { "POST", "merge_customers", """{"primary":{"id":"1"},"secondary":{"id":"2"},"x":1}""" },

        // No form in v2.
        { "POST", "forms/f/submit", """{"data":{"id":"1"}}""" },
        { "POST", "segments/7/add_customers", """{"ids":["1"]}""" },
        { "POST", "segments/7/remove_customers", """{"ids":["1"]}""" },
        { "POST", "metrics", """{"delivery_id":"d","metric":"opened"}""" },
        { "POST", "push/events", """{"delivery_id":"d","event":"opened","device_id":"t"}""" },
    };

    [Theory]
    [MemberData(nameof(Translated))]
    public async Task What_v2_can_say_leaves_by_v2_from_the_same_queue(string method, string path, string? body, string operation)
    {
        await using var plain = await Front.StartAsync();
        await using var front = await Front.StartAsync(null, Acme);

        await plain.SendAsync(method, $"/api/v1/{path}", body);
        Assert.Equal(200, (await front.SendAsync(method, $"/api/v1/{path}", body, Front.Credentials, "Content-Type: application/x-www-form-urlencoded", "User-Agent: x")).Status);

        var v1 = Assert.Single(plain.Sink.Calls);
        var v2 = Assert.Single(front.Sink.Calls);
        Assert.Equal((v1.Customer, v1.Call.Kind, v1.Call.OtherCustomer), (v2.Customer, v2.Call.Kind, v2.Call.OtherCustomer));
        Assert.Equal((LimitClass.Batch, "POST", "/api/v2/entity"), (v2.Call.LimitClass, v2.Call.Method, v2.Call.Target));
        Assert.Equal(["Content-Type: application/json", "User-Agent: x"], v2.Call.Headers.Select(header => $"{header.Name}: {header.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(operation, v2.Body);
    }

    [Theory]
    [MemberData(nameof(Untranslated))]
    public async Task What_v2_would_lose_stays_v1(string method, string path, string? body)
    {
        await using var plain = await Front.StartAsync();
        await using var front = await Front.StartAsync(null, Acme);

        var expected = await plain.SendAsync(method, $"/api/v1/{path}", body);
        var response = await front.SendAsync(method, $"/api/v1/{path}", body);

        Assert.InRange(response.Status, 200, 204);
        Assert.Equal(expected.Status, response.Status);
        var v1 = Assert.Single(plain.Sink.Calls);
        var stayed = Assert.Single(front.Sink.Calls);
        Assert.Equal((method, $"/api/v1/{path}", v1.Call.LimitClass), (stayed.Call.Method, stayed.Call.Target, stayed.Call.LimitClass));
        Assert.Equal(v1.Body.Replace(v1.Call.Id.ToString(), stayed.Call.Id.ToString(), StringComparison.Ordinal), stayed.Body);
    }

    [Theory]
    [InlineData(BatchingMode.Off)]
    [InlineData(BatchingMode.V2Only)]
    public async Task Nothing_is_translated_unless_all_calls_may_leave_in_batches(BatchingMode mode)
    {
        await using var front = await Front.StartAsync(null, Acme with { Batching = new BatchingSettings { Mode = mode } });

        await front.SendAsync("DELETE", "/api/v1/customers/42");

        Assert.Equal("/api/v1/customers/42", Assert.Single(front.Sink.Calls).Call.Target);
    }

    [Theory]
    [InlineData(0, "/api/v2/entity")]
    [InlineData(1, "/api/v1/customers/42/events")]
    public async Task What_is_larger_than_32_KB_with_its_stamps_stays_v1(int over, string target)
    {
        var frame = """{"id":"01HF7YAT00ABCDEFGHJKMNPQRS","timestamp":1700000000,"type":"person","action":"event","identifiers":{"id":"42"},"name":"e","attributes":{"x":""}}""".Length;
        await using var front = await Front.StartAsync(null, Acme);

        var response = await front.SendAsync("POST", "/api/v1/customers/42/events", $$"""{"data":{"x":"{{new string('x', CallLimits.MaxOperationBytes - frame + over)}}"},"name":"e"}""");

        Assert.Equal(200, response.Status);
        Assert.Equal(target, Assert.Single(front.Sink.Calls).Call.Target);
    }

    [Fact]
    public async Task A_translated_call_keeps_its_id_and_its_keys()
    {
        await using var front = await Front.StartAsync(null, Acme);

        await front.SendAsync("POST", "/api/v1/customers/42/events", """{"name":"e"}""", Front.Credentials, "Idempotency-Key: k");

        var call = Assert.Single(front.Sink.Calls).Call;
        Assert.True(call.Notes.Contains(DuplicateKey.OfIdempotencyKey("k")));
        Assert.Equal($$"""{"id":"{{call.Id}}","timestamp":1700000000,"type":"person","action":"event","identifiers":{"id":"42"},"name":"e"}""", Encoding.UTF8.GetString(call.Body));
    }
}
