using System.Text;
using System.Text.Json;
using CioOrleans.Api.Bodies;
using CioOrleans.Configuration;
using CsCheck;

namespace CioOrleans.Api.Tests.Bodies;

public sealed class BodyStamperTests
{
    private static readonly Ulid _id = Ulid.Parse("01HF7YAT00ABCDEFGHJKMNPQRS", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_999);

    private static readonly Gen<string> _blank = Gen.OneOf("", " ", "\n\t", "  ");
    private static readonly Gen<string> _name = Gen.OneOf("\"id\"", "\"timestamp\"", "\"_timestamp\"", "\"data\"", "\"é\"", "\"\\u0069d\"", "\"a b\"");

    private static readonly Gen<string> _value = Gen.OneOf(
        "1.10", "12345678901234567890", "1e400", "-0", "\"x\"", "\"\\u00e9\\/\"", "null", "true", "{}", "[ 1 , {\"id\":2} ]", "{\"timestamp\" : 1}");

    private static readonly Gen<string> _body =
        Gen.Select(_blank, _blank, Gen.Select(_blank, _name, _blank, _value, (a, name, b, value) => $"{a}{name}{b}:{a}{value}{b}").Array[0, 6], Gen.Int[0, 6])
            .Select((before, within, members, at) =>
                $"{before}{{{within}{string.Join(',', members.Take(at).Append("\"name\" : \"e\"").Concat(members.Skip(at)))}}}{before}");

    [Theory]
    [InlineData("""{"name":"e"}""", """{"id":"01HF7YAT00ABCDEFGHJKMNPQRS","timestamp":1700000000,"name":"e"}""")]
    [InlineData("""{"name":"e","id":"mine"}""", """{"timestamp":1700000000,"name":"e","id":"mine"}""")]
    [InlineData("""{"name":"e","id":null}""", """{"timestamp":1700000000,"name":"e","id":null}""")]
    [InlineData("""{"name":"e","timestamp":1}""", """{"id":"01HF7YAT00ABCDEFGHJKMNPQRS","name":"e","timestamp":1}""")]
    [InlineData("""{"name":"e","\u0069d":"x","timestamp":1}""", """{"name":"e","\u0069d":"x","timestamp":1}""")]
    [InlineData("""{"name":"e","data":{"id":1,"timestamp":2}}""", """{"id":"01HF7YAT00ABCDEFGHJKMNPQRS","timestamp":1700000000,"name":"e","data":{"id":1,"timestamp":2}}""")]
    public void An_event_gets_an_id_and_a_timestamp_unless_it_has_them(string body, string stamped) => Assert.Equal(stamped, Stamp(body, BodyRule.Event));

    [Theory]
    [InlineData("{}", """{"_timestamp":1700000000}""")]
    [InlineData(" {\n} ", " {\"_timestamp\":1700000000\n} ")]
    [InlineData("""{ "a": 1.10 }""", """{"_timestamp":1700000000, "a": 1.10 }""")]
    [InlineData("""{"_timestamp":7}""", """{"_timestamp":7}""")]
    [InlineData("""{"timestamp":7}""", """{"_timestamp":1700000000,"timestamp":7}""")]
    public void An_identify_call_gets_a_timestamp_of_its_own_unless_it_has_one(string body, string stamped) => Assert.Equal(stamped, Stamp(body, BodyRule.Identify));

    [Fact]
    public void Each_stamp_can_be_switched_off()
    {
        Assert.Equal("""{"timestamp":1700000000,"name":"e"}""", Stamp("""{"name":"e"}""", BodyRule.Event, new StampingSettings { EventId = false }));
        Assert.Equal("""{"id":"01HF7YAT00ABCDEFGHJKMNPQRS","name":"e"}""", Stamp("""{"name":"e"}""", BodyRule.Event, new StampingSettings { EventTimestamp = false }));
        Assert.Equal("{}", Stamp("{}", BodyRule.Identify, new StampingSettings { IdentifyTimestamp = false }));
    }

    [Fact]
    public void Nothing_else_is_stamped()
    {
        foreach (var rule in Enum.GetValues<BodyRule>().Except([BodyRule.Event, BodyRule.AnonymousEvent, BodyRule.Identify]))
        {
            Assert.Equal("{ }", Encoding.UTF8.GetString(BodyStamper.Stamp("{ }"u8, rule, new BodyFacts { ContentStart = 1, IsEmptyObject = true }, new StampingSettings(), _id, _now)));
        }
    }

    [Fact]
    public void Whatever_is_sent_stays_byte_for_byte_and_the_result_is_JSON() =>
        Gen.Select(_body, Gen.OneOf(BodyRule.Event, BodyRule.Identify)).Sample((body, rule) =>
        {
            var stamped = Stamp(body, rule);

            using var before = JsonDocument.Parse(body);
            using var after = JsonDocument.Parse(stamped);
            string[] stamps = rule == BodyRule.Event ? ["id", "timestamp"] : ["_timestamp"];
            var missing = stamps.Where(s => !before.RootElement.TryGetProperty(s, out _)).ToArray();

            Assert.Equal(missing, after.RootElement.EnumerateObject().Take(missing.Length).Select(p => p.Name));
            Assert.Equal(
                before.RootElement.EnumerateObject().Select(p => p.ToString()),
                after.RootElement.EnumerateObject().Skip(missing.Length).Select(p => p.ToString()));
            var brace = body.IndexOf('{', StringComparison.Ordinal) + 1;
            Assert.StartsWith(body[..brace], stamped, StringComparison.Ordinal);
            Assert.EndsWith(body[brace..], stamped, StringComparison.Ordinal);
        });

    private static string Stamp(string body, BodyRule rule, StampingSettings? settings = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var problem = BodyValidator.Validate(bytes, rule, out var facts);
        Assert.Null(problem);
        return Encoding.UTF8.GetString(BodyStamper.Stamp(bytes, rule, facts, settings ?? new StampingSettings(), _id, _now));
    }
}
