using System.Text.Json.Nodes;

namespace CioOrleans.Api.Tests.Conformance;

/// <summary>A value that a schema describes: its example, or one made of its properties' examples, enumerations and types.</summary>
public static class SchemaSample
{
    public static JsonNode Of(OpenApiDocument document, OpenApiSchema schema)
    {
        if (schema.Node["example"] is { } example)
        {
            return Completed(document, schema, example.DeepClone());
        }

        if (schema.Node["enum"] is JsonArray values)
        {
            return values[0]!.DeepClone();
        }

        return TypeOf(schema) switch
        {
            "string" => "text",
            "integer" or "number" => 1_700_000_000,
            "boolean" => true,
            "array" => new JsonArray(First(document, schema.Node["items"]!)),
            _ => new JsonObject(schema.Properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)First(document, property.Value)))),
        };
    }

    /// <summary>Some published examples leave out members that the schema requires and that can have one value only.</summary>
    private static JsonNode Completed(OpenApiDocument document, OpenApiSchema schema, JsonNode example)
    {
        if (example is JsonObject members)
        {
            foreach (var name in schema.Required.Where(name => !members.ContainsKey(name)))
            {
                members[name] = First(document, schema.Properties[name]);
            }
        }

        return example;
    }

    private static JsonNode First(OpenApiDocument document, JsonNode schema) => Of(document, document.AlternativesOf(schema).First());

    private static string? TypeOf(OpenApiSchema schema) => schema.Node["type"] switch
    {
        JsonArray types => types[0]!.GetValue<string>(),
        JsonValue type => type.GetValue<string>(),
        _ => null,
    };
}
