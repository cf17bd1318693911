using System.Text.Json.Nodes;
using CioOrleans.Api.Tests.Http;

namespace CioOrleans.Api.Tests.Conformance;

/// <summary>The front-end against Customer.io's own document of the Track API: every operation, every example, every declared error.</summary>
public sealed class TrackConformanceTests
{
    private const string Entity = "/api/v2/entity";
    private const string Region = "/api/v1/accounts/region";

    private static readonly OpenApiDocument _document = OpenApiDocument.Load("track-openapi.json");

    public static TheoryData<string, int> Examples => Rows(_document.Operations.SelectMany(operation => operation.Bodies().Select((_, place) => (operation, place))));

    public static TheoryData<string> Operations => [.. _document.Operations.Select(operation => operation.ToString())];

    public static TheoryData<string> WithErrors => [.. _document.Operations.Where(operation => operation.Statuses.Contains(400)).Select(operation => operation.ToString())];

    public static TheoryData<string, int, string> RequiredMembers
    {
        get
        {
            var rows = new TheoryData<string, int, string>();
            foreach (var (alternative, place) in EntityAlternatives().Select((alternative, place) => (alternative, place)))
            {
                foreach (var path in RequiredPaths(alternative))
                {
                    rows.Add(alternative.Title, place, path);
                }
            }

            return rows;
        }
    }

    [Fact]
    public void The_document_is_whole()
    {
        Assert.Equal(18, _document.Operations.Count);
        Assert.Equal(18, EntityAlternatives().Count);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_gets_the_declared_success_and_is_handed_over(string name, int place)
    {
        var operation = Find(name);
        var body = operation.Bodies()[place];
        await using var front = await Front.StartAsync(Front.OpenWithoutCredentials);

        var response = await front.SendAsync(operation.Method, operation.Target, body, operation.NeedsCredentials ? Front.Credentials : null);

        Assert.True(operation.Success == response.Status, $"{response.Status}: {response.Body} to {body}");
        if (operation.Path != Region)
        {
            Assert.Equal(operation.Success == 204 ? "" : "{}", response.Body);
            var operations = operation.Path == "/api/v2/batch" ? JsonNode.Parse(body!)!["batch"]!.AsArray().Count : 1;
            Assert.Equal(operations, front.Sink.Calls.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Wrong_credentials_are_answered_401_where_that_is_declared(string name)
    {
        var operation = Find(name);
        await using var front = await Front.StartAsync(Front.OpenWithoutCredentials);

        var response = await front.SendAsync(operation.Method, operation.Target, operation.Bodies()[0], "Basic d3Jvbmc6a2V5");

        // Calls without credentials are taken where none are needed and the path is opened; wrong ones are refused there too.
        Assert.Equal(401, response.Status);
        Assert.Equal(operation.NeedsCredentials ? 401 : operation.Success, (await front.SendAsync(operation.Method, operation.Target, operation.Bodies()[0], authorization: null)).Status);
    }

    [Theory]
    [MemberData(nameof(WithErrors))]
    public async Task A_malformed_body_is_answered_400_in_the_declared_shape(string name)
    {
        var operation = Find(name);
        await using var front = await Front.StartAsync();

        var response = await front.SendAsync(operation.Method, operation.Target, """{"a":""");

        Assert.Equal(400, response.Status);
        if (operation.ResponseSchema(400) is { } schema)
        {
            SchemaCheck.Matches(_document, schema, JsonNode.Parse(response.Body));
        }

        Assert.Empty(front.Sink.Calls);
    }

    [Theory]
    [MemberData(nameof(RequiredMembers))]
    public async Task An_operation_without_a_required_member_is_refused_in_the_declared_shape(string title, int place, string path)
    {
        var alternative = EntityAlternatives()[place];
        var body = SchemaSample.Of(_document, alternative);
        var whole = body.ToJsonString();
        Remove(body, path);
        await using var front = await Front.StartAsync();

        var entity = await front.SendAsync("POST", Entity, body.ToJsonString());
        var batch = await front.SendAsync("POST", "/api/v2/batch", $$"""{"batch":[{{whole}},{{body.ToJsonString()}}]}""");

        Assert.True(entity.Status == 400, $"{title} without {path}: {entity.Status}");
        SchemaCheck.Matches(_document, Find($"POST {Entity}").ResponseSchema(400)!, JsonNode.Parse(entity.Body));
        Assert.Equal(207, batch.Status);
        SchemaCheck.Matches(_document, Find("POST /api/v2/batch").ResponseSchema(207)!, JsonNode.Parse(batch.Body));
        Assert.Equal(1, JsonNode.Parse(batch.Body)!["errors"]![0]!["batch_index"]!.GetValue<int>());
        Assert.StartsWith(JsonNode.Parse(entity.Body)!["errors"]![0]!["field"]!.GetValue<string>(), path, StringComparison.Ordinal);
        Assert.Single(front.Sink.Calls);
    }

    private static OpenApiOperation Find(string name) => _document.Operations.Single(operation => operation.ToString() == name);

    private static List<OpenApiSchema> EntityAlternatives() => [.. _document.AlternativesOf(Find($"POST {Entity}").BodySchema!)];

    /// <summary>What an operation requires, and what is required within that.</summary>
    private static IEnumerable<string> RequiredPaths(OpenApiSchema schema) => schema.Required.SelectMany(name =>
        _document.AlternativesOf(schema.Properties[name]).First().Required.Select(inner => $"{name}.{inner}").Prepend(name));

    private static void Remove(JsonNode body, string path)
    {
        var steps = path.Split('.');
        (steps.Length == 1 ? body : body[steps[0]]!).AsObject().Remove(steps[^1]);
    }

    private static TheoryData<string, int> Rows(IEnumerable<(OpenApiOperation Operation, int Place)> rows)
    {
        var data = new TheoryData<string, int>();
        foreach (var (operation, place) in rows)
        {
            data.Add(operation.ToString(), place);
        }

        return data;
    }
}
