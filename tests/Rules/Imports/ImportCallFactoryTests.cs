using System.Text;
using System.Text.Json;
using CioOrleans.Calls;
using CioOrleans.Client.Imports;
using CioOrleans.Limits;
using Microsoft.Extensions.Time.Testing;

namespace CioOrleans.Rules.Tests.Imports;

public sealed class ImportCallFactoryTests
{
    private static readonly Ulid _import = Ulid.Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly ImportCallFactory _factory = new(new FakeTimeProvider(_now));

    [Theory]
    [InlineData("""{"id":"42"}""", "id:42", """{"type":"person","identifiers":{"id":"42"},"action":"identify","timestamp":1700000000,"attributes":{}}""")]
    [InlineData("""{"id":42}""", "id:42", """{"type":"person","identifiers":{"id":"42"},"action":"identify","timestamp":1700000000,"attributes":{}}""")]
    [InlineData(
        """{"email":"Ann@X.com","attributes":{"plan":"prö","n":1.50,"deep":{"a":[1]}},"timestamp":1600000000}""", "email:ann@x.com",
        """{"type":"person","identifiers":{"email":"Ann@X.com"},"action":"identify","timestamp":1600000000,"attributes":{"plan":"prö","n":1.50,"deep":{"a":[1]}}}""")]
    [InlineData("""{"cio_id":"cio_03","attributes":null}""", "cio:03", """{"type":"person","identifiers":{"cio_id":"03"},"action":"identify","timestamp":1700000000,"attributes":{}}""")]
    [InlineData("""{"cio_id":"03"}""", "cio:03", """{"type":"person","identifiers":{"cio_id":"03"},"action":"identify","timestamp":1700000000,"attributes":{}}""")]
    public void A_line_becomes_an_identify_that_can_leave_with_others(string line, string customer, string body)
    {
        var valid = Assert.IsType<ImportCalls.Valid>(Create(line));
        var call = Assert.Single(valid.Calls);

        Assert.Equal((customer, body), (valid.Customer, Encoding.UTF8.GetString(call.Body)));
        Assert.Equal(
            (CallKind.Identify, LimitClass.Batch, CallPriority.Bulk, "POST", "/api/v2/entity", _now),
            (call.Kind, call.LimitClass, call.Priority, call.Method, call.Target, call.AcceptedAt));
        Assert.Equal(_import, call.Notes.Import);
    }

    [Fact]
    public void An_event_goes_behind_its_person()
    {
        var valid = Assert.IsType<ImportCalls.Valid>(Create("""{"id":"42","event":{"name":"moved","data":{"to":"x"},"timestamp":1600000000,"id":"01ARZ3NDEKTSV4RRFFQ69G5FAW"}}"""));

        Assert.Equal([CallKind.Identify, CallKind.Event], valid.Calls.Select(call => call.Kind));
        Assert.Equal(
            """{"type":"person","identifiers":{"id":"42"},"action":"event","id":"01ARZ3NDEKTSV4RRFFQ69G5FAW","name":"moved","timestamp":1600000000,"attributes":{"to":"x"}}""",
            Encoding.UTF8.GetString(valid.Calls[1].Body));
    }

    [Fact]
    public void A_line_that_is_repeated_repeats_the_events_id_and_another_does_not()
    {
        const string line = """{"id":"42","event":{"name":"moved","data":{"to":"x"}}}""";

        Assert.Equal(EventId(line), EventId(line));
        Assert.NotEqual(EventId(line), EventId(line.Replace("42", "43", StringComparison.Ordinal)));
        Assert.NotEqual(EventId(line), EventId(line.Replace("\"x\"", "\"y\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{}", "Nobody is named. Give an id, an email or a cio_id.")]
    [InlineData("[]", "The line is no JSON object: a line holds one of id, email and cio_id, and may hold attributes, timestamp and event.")]
    [InlineData("""{"id":"1","email":"a@b.c"}""", "Several identifiers are given. Give one of id, email and cio_id.")]
    [InlineData("""{"id":true}""", "'id' is no text. Put it in quotes.")]
    [InlineData("""{"email":"ann"}""", "The email holds no @. Give an e-mail address, or name the person by id.")]
    [InlineData("""{"id":"1","plan":"pro"}""", "'plan' is not known: a line holds one of id, email and cio_id, and may hold attributes, timestamp and event.")]
    [InlineData("""{"id":"1","attributes":[]}""", "'attributes' is no JSON object.")]
    [InlineData("""{"id":"1","timestamp":"now"}""", "'timestamp' is no time in whole seconds since 1970 (UTC).")]
    [InlineData("""{"id":"1","event":{}}""", "The event has no name. Give it one.")]
    [InlineData("""{"id":"1","event":{"name":"x","id":"1"}}""", "The event's id is no ULID. Leave it out, or give one.")]
    public void What_is_wrong_is_said(string line, string error) => Assert.Equal(new ImportCalls.Invalid(error), Create(line));

    [Fact]
    public void A_person_over_32_KB_would_be_refused_by_Customer_io() => Assert.StartsWith(
        "It comes to 40",
        Assert.IsType<ImportCalls.Invalid>(Create($$$"""{"id":"1","attributes":{"a":"{{{new string('x', 40_000)}}}"}}""")).Error,
        StringComparison.Ordinal);

    private string EventId(string line) =>
        JsonDocument.Parse(Assert.IsType<ImportCalls.Valid>(Create(line)).Calls[1].Body).RootElement.GetProperty("id").GetString()!;

    private ImportCalls Create(string line)
    {
        using var document = JsonDocument.Parse(line);
        return ImportLine.Read(document, out var error) is { } user ? _factory.Create(user, _import, ImportCallFactory.NotesOf(_import)) : new ImportCalls.Invalid(error);
    }
}
