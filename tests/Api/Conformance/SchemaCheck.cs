using System.Text.Json;
using System.Text.Json.Nodes;

namespace CioOrleans.Api.Tests.Conformance;

/// <summary>Holds a value to a schema: types, and that nothing is there which the schema does not name.</summary>
public static class SchemaCheck
{
    public static void Matches(OpenApiDocument document, JsonNode schema, JsonNode? value, string at = "$")
    {
        var alternative = document.AlternativesOf(schema).Single();
        var type = alternative.Node["type"]!.GetValue<string>();
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        switch (type)
        {
            case "object":
                Assert.True(kind == JsonValueKind.Object, $"{at} is {kind}");
                Assert.All(value!.AsObject(), member =>
                {
                    Assert.True(alternative.Properties.TryGetValue(member.Key, out var property), $"{at}.{member.Key} is not declared");
                    Matches(document, property!, member.Value, $"{at}.{member.Key}");
                });
                Assert.Equal([.. alternative.Properties.Keys.Order(StringComparer.Ordinal)], value!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
                break;
            case "array":
                Assert.True(kind == JsonValueKind.Array, $"{at} is {kind}");
                Assert.NotEmpty(value!.AsArray());
                Assert.All(value.AsArray(), item => Matches(document, alternative.Node["items"]!, item, $"{at}[]"));
                break;
            default:
                Assert.True(kind == (type == "integer" ? JsonValueKind.Number : JsonValueKind.String), $"{at} is {kind}");
                break;
        }
    }
}
