using System.Text;
using CioOrleans.Api.Bodies;
using CioOrleans.Calls;

namespace CioOrleans.Api.Tests.Bodies;

public sealed class BodyValidatorTests
{
    private const string NoName = "The event has no name. Send \"name\" as a string that is not blank.";
    private const string NameTooLong = "The event's name is longer than 100 bytes. Shorten it and put the rest into \"data\".";
    private const string NoObject = "The body is not a JSON object. Send one: {…}.";

    [Theory]
    [InlineData("""{}""", NoName)]
    [InlineData("""{"name":""}""", NoName)]
    [InlineData("""{"name":" \t "}""", NoName)]
    [InlineData("""{"name":"\u0020"}""", NoName)]
    [InlineData("""{"name":null}""", NoName)]
    [InlineData("""{"data":{"name":"x"}}""", NoName)]
    [InlineData("""{"name":5}""", "The event's name is not a string. Send \"name\" as a string that is not blank.")]
    [InlineData("null", NoObject)]
    [InlineData("[{}]", NoObject)]
    [InlineData("\"x\"", NoObject)]
    [InlineData("", "The body is missing. Send a JSON object; {} if there is nothing to say.")]
    [InlineData(" \n", "The body is missing. Send a JSON object; {} if there is nothing to say.")]
    [InlineData("""{"name":"x"}x""", "The body is not valid JSON (line 1, byte 12). Send one JSON object and nothing after it.")]
    [InlineData("""{"name":"x"}{}""", "The body is not valid JSON (line 1, byte 12). Send one JSON object and nothing after it.")]
    [InlineData("""{"name":"x",}""", "The body is not valid JSON (line 1, byte 12). Send one JSON object and nothing after it.")]
    [InlineData("""{"name":"x" """, "The body is not valid JSON (line 1, byte 12). Send one JSON object and nothing after it.")]
    [InlineData("""{"name":"\ud800"}""", null)]
    public void A_bad_event_is_explained(string body, string? problem)
    {
        var found = Validate(body, BodyRule.Event, out _);

        Assert.Equal(problem ?? "The body holds half of a surrogate pair (\\ud800 to \\udfff) in a name or an identifier. Send whole characters.", found);
    }

    [Theory]
    [InlineData(@"\ud800", false)]
    [InlineData(@"\ud800abcdefghi", false)]
    [InlineData(@"_timestam\ud800", false)]
    [InlineData(@"\udc00\ud800", false)]
    [InlineData(@"_tim\u0065stamp", true)]
    [InlineData(@"\ud83d\ude00", false)]
    [InlineData(@"\\ud800", false)]
    [InlineData(@"\u005ftimestamp", true)]
    public void An_attribute_may_have_any_name_half_a_character_too(string name, bool isTimestamp)
    {
        Assert.Null(Validate($$"""{"{{name}}":1,"x":{"{{name}}":1} }""", BodyRule.Identify, out var facts));
        Assert.Equal(isTimestamp, facts.HasTimestamp);
    }

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData(""" { "name" : "x" , "data" : null } """)]
    [InlineData("""{"name":"\u00e9"}""")]
    [InlineData("""{"name":"x","name":"y","id":1,"id":2}""")]
    [InlineData("""{"name":"x","data":{"half":"\ud800"}}""")]
    public void A_good_event_is_taken(string body) => Assert.Null(Validate(body, BodyRule.Event, out _));

    [Theory]
    [InlineData(nameof(BodyRule.Event), "{ODD,\"name\":\"x\",\"data\":{ODD},ODD}")]
    [InlineData(nameof(BodyRule.AnonymousEvent), "{ODD,\"name\":\"x\",\"anonymous_id\":\"a\",ODD}")]
    [InlineData(nameof(BodyRule.Device), "{ODD,\"device\":{ODD,\"id\":\"d\",\"platform\":\"ios\",ODD},ODD}")]
    [InlineData(nameof(BodyRule.Merge), "{ODD,\"primary\":{ODD,\"id\":\"a\"},\"secondary\":{\"id\":\"b\",ODD},ODD}")]
    [InlineData(nameof(BodyRule.Form), "{ODD,\"data\":{\"id\":\"a\",ODD},ODD}")]
    [InlineData(nameof(BodyRule.Segment), "{ODD,\"ids\":[\"a\"],ODD}")]
    [InlineData(nameof(BodyRule.Metric), "{ODD,\"delivery_id\":\"d\",\"metric\":\"opened\",\"timestamp\":1,ODD}")]
    [InlineData(nameof(BodyRule.Identify), "{ODD,\"a\":1,ODD}")]
    public void A_member_of_any_body_may_have_half_a_character_in_its_name(string rule, string body)
    {
        foreach (var name in (string[])[@"\ud800", @"\udc00x", @"nam\ud800", @"\ud800\ud800anonymous_id", @"i\udc00"])
        {
            Assert.Null(Validate(body.Replace("ODD", $"\"{name}\":1", StringComparison.Ordinal), Enum.Parse<BodyRule>(rule), out _));
        }
    }

    [Fact]
    public void An_events_name_has_100_bytes_at_the_most_blanks_around_it_aside()
    {
        Assert.Null(Validate(Event(new string('a', 100)), BodyRule.Event, out _));
        Assert.Null(Validate(Event("  " + new string('a', 100) + " "), BodyRule.Event, out _));
        Assert.Null(Validate(Event(new string('é', 50)), BodyRule.Event, out _));
        Assert.Null(Validate(Event(string.Concat(Enumerable.Repeat("\\u00e9", 50))), BodyRule.Event, out _));
        Assert.Equal(NameTooLong, Validate(Event(new string('a', 101)), BodyRule.Event, out _));
        Assert.Equal(NameTooLong, Validate(Event(new string('é', 51)), BodyRule.Event, out _));
        Assert.Equal(NameTooLong, Validate(Event(string.Concat(Enumerable.Repeat("\\u00e9", 51))), BodyRule.AnonymousEvent, out _));
    }

    [Theory]
    [InlineData("page", CallKind.Page)]
    [InlineData("screen", CallKind.Screen)]
    public void A_views_name_is_an_address_and_may_be_longer(string type, CallKind view)
    {
        Assert.Null(Validate($$"""{"name":"https://{{new string('a', 200)}}","type":"{{type}}"}""", BodyRule.Event, out var facts));
        Assert.Equal(view, facts.View);
    }

    [Theory]
    [InlineData(100_000, null)]
    [InlineData(100_001, "The event's \"data\" is larger than 100000 bytes. Send less.")]
    public void An_events_data_has_100_000_bytes_at_the_most(int bytes, string? problem)
    {
        var data = $$"""{"x":"{{new string('a', bytes - 8)}}"}""";

        Assert.Equal(problem, Validate($$"""{"name":"e" , "data" :  {{data}} ,"more":1}""", BodyRule.Event, out _));
    }

    [Theory]
    [InlineData(64, null)]
    [InlineData(65, "The body is nested deeper than 64 levels. Flatten it.")]
    [InlineData(100_000, "The body is nested deeper than 64 levels. Flatten it.")]
    public void A_body_has_64_levels_at_the_most(int levels, string? problem)
    {
        var arrays = $$"""{"name":"e","data":{{new string('[', levels - 1)}}{{new string(']', levels - 1)}}}""";

        Assert.Equal(problem, Validate(arrays, BodyRule.Event, out _));
        Assert.Equal(problem, Validate(arrays, BodyRule.Identify, out _));
    }

    [Fact]
    public void A_body_that_is_not_UTF_8_is_refused()
    {
        byte[] body = [.. "{\"name\":\"x\",\"data\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        Assert.Equal("The body is not valid UTF-8. Encode the JSON as UTF-8.", BodyValidator.Validate(body, BodyRule.Event, out _));
    }

    [Theory]
    [InlineData("""{"device":{"id":"t","platform":"ios"}}""", null)]
    [InlineData("""{"x":[1,{}],"device":{"platform":"ios","a":{"b":[]},"id":"t"}}""", null)]
    [InlineData("""{"device":null}""", "\"device\" is not an object. Send {\"device\":{\"id\":\"…\",\"platform\":\"ios\" or \"android\"}}.")]
    [InlineData("""{"device":{"platform":"ios"}}""", "\"device.id\" is missing. Send the device's push token.")]
    [InlineData("""{"device":{"id":"","platform":"ios"}}""", "\"device.id\" is missing. Send the device's push token.")]
    [InlineData("""{"device":{"id":"t"}}""", "\"device.platform\" is missing. Send \"ios\" or \"android\".")]
    [InlineData("""{"device":{"id":["t"],"platform":"ios"}}""", "\"device.id\" is not a string. Send it as one.")]
    public void A_device_needs_an_id_and_a_platform(string body, string? problem) => Assert.Equal(problem, Validate(body, BodyRule.Device, out _));

    [Theory]
    [InlineData("""{"primary":{"id":"1"},"secondary":{"id":"2"}}""", "id:1", "id:2")]
    [InlineData("""{"secondary":{"email":"B@x.y"},"primary":{"cio_id":"cio_3"}}""", "cio:3", "email:b@x.y")]
    [InlineData("""{"primary":{"id":12345678901234567890},"secondary":{"id":"\u0032","email":null}}""", "id:12345678901234567890", "id:2")]
    public void A_merge_names_two_queues(string body, string primary, string secondary)
    {
        Assert.Null(Validate(body, BodyRule.Merge, out var facts));
        Assert.Equal((primary, secondary), (facts.Subject, facts.OtherSubject));
    }

    [Theory]
    [InlineData("""{}""", "\"primary\" is missing. Name the person to keep by one of id, email or cio_id.")]
    [InlineData("""{"primary":{"id":"1"}}""", "\"secondary\" is missing. Name the person to merge by one of id, email or cio_id.")]
    [InlineData("""{"primary":{"id":"1"},"secondary":{"id":1}}""", "\"primary\" and \"secondary\" are the same person. Name two people.")]
    [InlineData("""{"primary":{"cio_id":"1"},"secondary":{"cio_id":"cio_1"}}""", "\"primary\" and \"secondary\" are the same person. Name two people.")]
    [InlineData("""{"primary":"1","secondary":{"id":"2"}}""", "\"primary\" must name one person. Send an object with exactly one of id, email or cio_id.")]
    [InlineData("""{"primary":{"id":"1","email":"a@b.c"},"secondary":{"id":"2"}}""", "\"primary\" must name one person. Send an object with exactly one of id, email or cio_id.")]
    [InlineData("""{"primary":{"id":"1"},"secondary":{"id":" "}}""", "\"secondary\" must name one person. Send an object with exactly one of id, email or cio_id.")]
    [InlineData("""{"primary":{"id":true},"secondary":{"id":"2"}}""", "\"primary.id\" is not a string. Send it as one.")]
    public void A_merge_of_anything_but_two_people_is_explained(string body, string problem) => Assert.Equal(problem, Validate(body, BodyRule.Merge, out _));

    [Fact]
    public void An_identifier_in_a_body_has_150_bytes_at_the_most()
    {
        Assert.Null(Validate(Anonymous(new string('a', 150)), BodyRule.AnonymousEvent, out var facts));
        Assert.Equal(new string('a', 150), facts.Subject);
        Assert.Equal("\"anonymous_id\" is longer than 150 bytes. Use a shorter one.", Validate(Anonymous(new string('é', 76)), BodyRule.AnonymousEvent, out _));
        Assert.Equal("\"anonymous_id\" holds a NUL character. Leave it out.", Validate(Anonymous("a\\u0000"), BodyRule.AnonymousEvent, out _));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(1000, null)]
    [InlineData(1001, "\"ids\" holds 1001 ids. Send at most 1000 in one request.")]
    public void A_segment_takes_1000_ids_at_once(int count, string? problem) =>
        Assert.Equal(problem, Validate($$"""{"ids":[{{string.Join(',', Enumerable.Repeat("\"a\"", count))}}]}""", BodyRule.Segment, out _));

    [Theory]
    [InlineData("""{"ids":"a"}""", "\"ids\" is not an array. Send {\"ids\":[…]} with 1 to 1000 ids.")]
    [InlineData("""{"id":["a"]}""", "\"ids\" is missing. Send {\"ids\":[…]} with 1 to 1000 ids.")]
    public void A_segment_needs_a_list_of_ids(string body, string problem) => Assert.Equal(problem, Validate(body, BodyRule.Segment, out _));

    [Theory]
    [InlineData("""{"data":{}}""", null)]
    [InlineData("""{"data":[]}""", "\"data\" is not an object. Send {\"data\":{…}} with the form's fields.")]
    public void A_form_needs_data(string body, string? problem) => Assert.Equal(problem, Validate(body, BodyRule.Form, out _));

    [Theory]
    [InlineData("""{"delivery_id":"d"}""", "d")]
    [InlineData("""{"metric":"opened"}""", null)]
    [InlineData("""{"delivery_id":7}""", "7")]
    public void A_metric_may_name_its_delivery(string body, string? delivery)
    {
        Assert.Null(Validate(body, BodyRule.Metric, out var facts));
        Assert.Equal(delivery, facts.Subject);
    }

    [Theory]
    [InlineData("", true, true)]
    [InlineData("{}", true, true)]
    [InlineData("null", true, false)]
    [InlineData("[]", false, false)]
    [InlineData("a=b", false, false)]
    [InlineData("null null", false, false)]
    public void Where_nothing_is_expected_next_to_nothing_is_taken(string body, bool asNothing, bool asOptional)
    {
        Assert.Equal(asNothing, Validate(body, BodyRule.Nothing, out _) is null);
        Assert.Equal(asOptional, Validate(body, BodyRule.OptionalObject, out _) is null);
    }

    private static string Event(string name) => $$"""{"name":"{{name}}"}""";

    private static string Anonymous(string id) => $$"""{"name":"e","anonymous_id":"{{id}}"}""";

    private static string? Validate(string body, BodyRule rule, out BodyFacts facts) => BodyValidator.Validate(Encoding.UTF8.GetBytes(body), rule, out facts);
}
