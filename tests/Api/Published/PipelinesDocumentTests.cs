using System.Net;
using System.Text.Json;
using CioOrleans.Api.Tests.Pipelines;

namespace CioOrleans.Api.Tests.Published;

/// <summary>Customer.io's published description of the Pipelines API drives the front-end: every operation, its examples, its declared errors.</summary>
public sealed class PipelinesDocumentTests
{
    private static readonly JsonElement _document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Published", "pipelines-openapi.json"))).RootElement;

    private static IEnumerable<string> Names => _document.GetProperty("paths").EnumerateObject().Select(path => path.Name.TrimStart('/'));

    public static TheoryData<string> Operations => [.. Names];

    [Fact]
    public void The_document_has_the_operations_that_are_served() =>
        Assert.Equal(["alias", "batch", "group", "identify", "page", "screen", "track"], Names.Order());

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Every_published_example_is_taken_and_answered_as_declared(string operation)
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync(operation, ExampleOf(operation));

        Assert.Equal((HttpStatusCode.OK, "{}"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.NotEmpty(front.Sink.Calls);
        Assert.All(front.Sink.Calls, call => Assert.Equal($"/v1/{operation}", call.Call.Target));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task What_is_malformed_is_400_in_the_declared_shape(string operation)
    {
        await using var front = await PipelinesFront.StartAsync();

        using var response = await front.SendAsync(operation, ExampleOf(operation)[..^1]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var error = Assert.Single(body.RootElement.GetProperty("meta").GetProperty("errors").EnumerateArray());
        Assert.StartsWith("The body is not valid JSON", error.GetString(), StringComparison.Ordinal);
        Assert.Empty(front.Sink.Calls);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Another_write_key_is_401(string operation)
    {
        await using var front = await PipelinesFront.StartAsync();
        front.Caller.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("other:"u8));

        using var response = await front.SendAsync(operation, ExampleOf(operation));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(front.Sink.Calls);
    }

    /// <summary>The JSON sample; of a batch, whose JSON sample is empty, what the curl sample sends.</summary>
    private static string ExampleOf(string operation)
    {
        var samples = _document.GetProperty("paths").GetProperty("/" + operation).GetProperty("post").GetProperty("x-codeSamples").EnumerateArray()
            .ToDictionary(sample => sample.GetProperty("lang").GetString() + sample.GetProperty("label").GetString(), sample => sample.GetProperty("source").GetString()!);
        if (samples["jsonJSON"] is { Length: > 2 } json)
        {
            return json;
        }

        var curl = samples["shellCurl"];
        return curl[curl.IndexOf('{', StringComparison.Ordinal)..(curl.LastIndexOf('}') + 1)];
    }
}
