using System.Text.Json.Nodes;

namespace CioOrleans.Api.Tests.Conformance;

/// <summary>One alternative of a schema.</summary>
/// <param name="Node">The schema's node in the document.</param>
/// <param name="Properties">Its own and those of what it is made of.</param>
/// <param name="Required">Likewise.</param>
public sealed record OpenApiSchema(JsonObject Node, IReadOnlyDictionary<string, JsonNode> Properties, IReadOnlyList<string> Required)
{
    public string Title => Node["title"]?.GetValue<string>() ?? "";
}
