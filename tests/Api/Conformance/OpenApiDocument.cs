using System.Text.Json.Nodes;

namespace CioOrleans.Api.Tests.Conformance;

/// <summary>A published OpenAPI document.</summary>
public sealed class OpenApiDocument
{
    private static readonly string[] _methods = ["get", "put", "post", "delete", "patch"];

    private readonly JsonObject _root;

    private OpenApiDocument(JsonObject root)
    {
        _root = root;
        Operations =
        [
            .. root["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
                .Where(member => _methods.Contains(member.Key))
                .Select(member => new OpenApiOperation(this, member.Key.ToUpperInvariant(), path.Key, member.Value!.AsObject()))),
        ];
    }

    public IReadOnlyList<OpenApiOperation> Operations { get; }

    /// <summary>Reads a document beside these tests.</summary>
    public static OpenApiDocument Load(string name)
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(name)!;
        return new OpenApiDocument(JsonNode.Parse(stream)!.AsObject());
    }

    /// <summary>A node, or what it refers to.</summary>
    public JsonObject Resolve(JsonNode node)
    {
        var resolved = node.AsObject();
        while (resolved["$ref"] is { } reference)
        {
            JsonNode target = _root;
            foreach (var step in reference.GetValue<string>().Split('/').Skip(1))
            {
                target = target[step.Replace("~1", "/", StringComparison.Ordinal)]!;
            }

            resolved = target.AsObject();
        }

        return resolved;
    }

    /// <summary>The alternatives of a schema: each of its oneOf and anyOf, and of theirs, with their allOf put together.</summary>
    public IEnumerable<OpenApiSchema> AlternativesOf(JsonNode node)
    {
        var schema = Resolve(node);
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray alternatives)
        {
            return alternatives.SelectMany(alternative => AlternativesOf(alternative!));
        }

        var parts = schema["allOf"] is JsonArray all ? all.SelectMany(part => AlternativesOf(part!).Take(1)).ToArray() : [];
        var properties = parts.SelectMany(part => part.Properties)
            .Concat(schema["properties"] is JsonObject own ? own.Select(member => KeyValuePair.Create(member.Key, member.Value!)) : [])
            .DistinctBy(member => member.Key)
            .ToDictionary();
        string[] required = [.. parts.SelectMany(part => part.Required), .. schema["required"] is JsonArray names ? names.Select(name => name!.GetValue<string>()) : []];
        return [new OpenApiSchema(schema, properties, [.. required.Distinct()])];
    }
}
