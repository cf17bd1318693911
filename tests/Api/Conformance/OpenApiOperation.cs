using System.Text.Json.Nodes;

namespace CioOrleans.Api.Tests.Conformance;

/// <summary>One operation of a document.</summary>
public sealed class OpenApiOperation(OpenApiDocument document, string method, string path, JsonObject node)
{
    public OpenApiDocument Document => document;

    public string Method => method;

    public string Path => path;

    /// <summary>Whether the document asks for credentials.</summary>
    public bool NeedsCredentials => node["security"] is JsonArray { Count: > 0 };

    public IReadOnlyList<int> Statuses => [.. node["responses"]!.AsObject().Select(response => int.Parse(response.Key, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The declared success that a whole and valid request gets.</summary>
    public int Success => Statuses.Min();

    /// <summary>The schema of the body; null where there is none.</summary>
    public JsonNode? BodySchema => Content?["schema"];

    private JsonNode? Content => node["requestBody"]?["content"]?["application/json"];

    /// <summary>A target with a valid value for each parameter in the path.</summary>
    public string Target => string.Join('/', path.Split('/').Select(segment => segment switch
    {
        "{identifier}" => "42",
        "{device_id}" => "a83b219c",
        "{form_id}" => "f1",
        "{segment_id}" => "7",
        "{delivery_id}" => "RPILAgABcRhIBqSp7kiPekGBIeVh",
        _ when segment.StartsWith('{') => throw new InvalidOperationException($"No value for {segment}."),
        _ => segment,
    }));

    /// <summary>The document's example of the body; else one for each alternative of its schema, its own or what follows from it; null where there is no body.</summary>
    public IReadOnlyList<string?> Bodies()
    {
        if (BodySchema is null)
        {
            return [null];
        }

        return Content!["example"] is { } example
            ? [example.ToJsonString()]
            : [.. document.AlternativesOf(BodySchema).Select(alternative => SchemaSample.Of(document, alternative).ToJsonString()).Distinct()];
    }

    /// <summary>The schema of a response; null where none is declared.</summary>
    public JsonNode? ResponseSchema(int status) =>
        document.Resolve(node["responses"]![$"{status}"]!)["content"]?["application/json"]?["schema"];

    public override string ToString() => $"{method} {path}";
}
