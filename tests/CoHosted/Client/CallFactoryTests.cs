using System.Text;
using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.Client;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.CoHosted.Tests.Client;

public sealed class CallFactoryTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
    private static readonly Person _person = Person.FromPathValue("u1");

    private readonly CallFactory _calls = new(new FakeTimeProvider(_now));

    [Fact]
    public void A_call_is_stamped_when_it_is_made()
    {
        var call = _calls.Identify(_person, null, null);

        Assert.Equal(_now, call.AcceptedAt);
        Assert.Equal(_now, call.Id.Time);
        Assert.Equal("{\"_timestamp\":1790000000}", Text(call.Body));
    }

    [Fact]
    public void Every_call_has_an_id_of_its_own() => Assert.NotEqual(_calls.Delete(_person).Id, _calls.Delete(_person).Id);

    [Fact]
    public void A_call_says_that_it_is_json_and_who_made_it() =>
        Assert.Equal("Content-Type: application/json\nUser-Agent: CioOrleans/1.0.0\n", _calls.Delete(_person).Headers.ToString());

    [Fact]
    public void An_event_with_an_id_of_the_callers_notes_it_as_a_key()
    {
        var id = Ulid.NewUlid();

        Assert.True(_calls.Event(_person, new EventDetails("e", null, id, null)).Notes.Contains(DuplicateKey.OfEventId(id)));
        Assert.False(_calls.Event(_person, new EventDetails("e", null, null, null)).Notes.HasKeys);
    }

    [Fact]
    public void Attributes_keep_their_own_timestamp()
    {
        var call = _calls.Identify(_person, new Dictionary<string, object?> { ["plan"] = "pro", ["_timestamp"] = 5 }, null);

        Assert.Equal("{\"plan\":\"pro\",\"_timestamp\":5}", Text(call.Body));
    }

    [Fact]
    public void A_timestamp_within_a_nested_attribute_is_not_the_calls()
    {
        var call = _calls.Identify(_person, new { a = new { _timestamp = 5 } }, _now.AddSeconds(1));

        Assert.Equal("{\"_timestamp\":1790000001,\"a\":{\"_timestamp\":5}}", Text(call.Body));
    }

    [Fact]
    public void Two_timestamps_for_one_call_are_refused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => _calls.Identify(_person, new { _timestamp = 5 }, _now));

        Assert.Equal("The attributes have a _timestamp of their own. Give one or the other. (Parameter 'timestamp')", refusal.Message);
    }

    [Fact]
    public void Numbers_and_blank_objects_of_a_json_element_arrive_as_they_were_written()
    {
        using var attributes = JsonDocument.Parse("""{ "price": 1.10, "big": 12345678901234567890, "none": {} }""");

        Assert.Equal(
            """{"_timestamp":1790000000,"price":1.10,"big":12345678901234567890,"none":{}}""",
            Text(_calls.Identify(_person, attributes.RootElement, null).Body));
    }

    [Fact]
    public void Text_is_written_without_needless_escapes()
    {
        var call = _calls.Event(_person, new EventDetails("größe <&> 'x'", new { s = "日本 + \"q\"" }, Ulid.Empty, _now));

        Assert.Equal(
            """{"id":"00000000000000000000000000","timestamp":1790000000,"name":"größe <&> 'x'","data":{"s":"日本 + \"q\""}}""", Text(call.Body));
    }

    [Theory]
    [MemberData(nameof(NoObjects))]
    public void Attributes_that_are_no_json_object_are_refused(object attributes)
    {
        var refusal = Assert.Throws<ArgumentException>(() => _calls.Identify(_person, attributes, null));

        Assert.Equal("It is no JSON object. Pass an object or a dictionary. (Parameter 'attributes')", refusal.Message);
    }

    public static TheoryData<object> NoObjects() => ["text", 5, new List<int> { 1, 2 }, JsonSerializer.SerializeToElement<object?>(null)];

    [Fact]
    public void What_cannot_be_written_as_json_is_refused()
    {
        var circle = new Dictionary<string, object>();
        circle["self"] = circle;

        var refusal = Assert.Throws<ArgumentException>(() => _calls.Identify(_person, circle, null));

        Assert.StartsWith("It cannot be written as JSON: ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("attributes", refusal.ParamName);
    }

    [Fact]
    public void An_undefined_json_element_is_refused() =>
        Assert.Throws<ArgumentException>(() => _calls.Identify(_person, default(JsonElement), null));

    [Fact]
    public void A_body_may_be_nested_as_deep_as_the_front_end_takes_it()
    {
        // The body is one level, the data are the rest.
        Assert.EndsWith(Nested(CallLimits.MaxDepth - 1).GetRawText() + "}", Text(Event("n", Nested(CallLimits.MaxDepth - 1)).Body), StringComparison.Ordinal);
        var refusal = Assert.Throws<ArgumentException>(() => Event("n", Nested(CallLimits.MaxDepth)));
        Assert.Equal("It is nested deeper than 63 levels. Flatten it. (Parameter 'data')", refusal.Message);
    }

    [Fact]
    public void An_events_name_may_have_a_hundred_bytes()
    {
        var longest = new string('é', 50);

        Assert.Contains($"\"name\":\" {longest} \"", Text(Event($" {longest} ", null).Body), StringComparison.Ordinal);
        var refusal = Assert.Throws<ArgumentException>(() => Event(longest + "a", null));
        Assert.Equal("The event's name is longer than 100 bytes. Shorten it and put the rest into the data. (Parameter 'name')", refusal.Message);
    }

    [Fact]
    public void A_page_may_have_a_longer_name_than_an_event()
    {
        var address = "https://example.com/" + new string('x', 1_000);

        Assert.Contains(address, Text(_calls.Page(_person, new EventDetails(address, null, null, null)).Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    public void An_event_needs_a_name(string? name) => Assert.ThrowsAny<ArgumentException>(() => Event(name!, null));

    [Fact]
    public void An_events_data_may_have_a_hundred_thousand_bytes()
    {
        var room = CallLimits.MaxEventDataBytes - "{\"s\":\"\"}".Length;

        Assert.Equal(CallLimits.MaxEventDataBytes + Text(Event("n", null).Body).Length + ",\"data\":".Length, Event("n", new { s = new string('x', room) }).Body.Length);
        var refusal = Assert.Throws<ArgumentException>(() => Event("n", new { s = new string('x', room + 1) }));
        Assert.Equal("The event's data is larger than 100000 bytes of JSON. Send less. (Parameter 'data')", refusal.Message);
    }

    [Fact]
    public void A_body_may_be_as_large_as_the_front_end_takes_it()
    {
        var room = CallLimits.MaxBodyBytes - "{\"_timestamp\":1790000000,\"s\":\"\"}".Length;

        Assert.Equal(CallLimits.MaxBodyBytes, _calls.Identify(_person, new { s = new string('x', room) }, null).Body.Length);
        var refusal = Assert.Throws<ArgumentException>(() => _calls.Identify(_person, new { s = new string('x', room + 1) }, null));
        Assert.Equal("The call is larger than 1048576 bytes of JSON. Send less. (Parameter 'attributes')", refusal.Message);
    }

    private static string Text(byte[] body) => Encoding.UTF8.GetString(body);

    private static JsonElement Nested(int levels) =>
        JsonElement.Parse(string.Concat(Enumerable.Repeat("{\"a\":", levels - 1)) + "{}" + new string('}', levels - 1), new JsonDocumentOptions { MaxDepth = 100 });

    private Call Event(string name, object? data) => _calls.Event(_person, new EventDetails(name, data, null, null));
}
