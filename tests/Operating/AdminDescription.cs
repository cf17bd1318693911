using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CioOrleans.Operating.Tests;

/// <summary>docs/admin-openapi.json, as a reader of it takes answers.</summary>
internal static class AdminDescription
{
    private static readonly JsonElement _document = JsonDocument.Parse(File.ReadAllText(FilePath)).RootElement;

    public static string FilePath => Path.Combine(Path.GetDirectoryName(Here())!, "../../docs/admin-openapi.json");

    /// <summary>Every operation that is described.</summary>
    public static IReadOnlyList<(string Method, string Path, JsonElement Operation)> Operations { get; } =
    [
        .. _document.GetProperty("paths").EnumerateObject().SelectMany(path =>
            path.Value.EnumerateObject().Select(operation => (operation.Name.ToUpperInvariant(), path.Name, operation.Value))),
    ];

    /// <summary>Fails where an answer of a described operation is not as it is described.</summary>
    public static void Check(string method, string target, HttpStatusCode status, string body)
    {
        var segments = target.Split('?')[0].TrimEnd('/').Split('/');
        foreach (var (described, path, operation) in Operations)
        {
            if (described == method && Matches(path.Split('/'), segments))
            {
                Assert.True(operation.GetProperty("responses").TryGetProperty($"{(int)status}", out var response), $"{method} {path} answered {(int)status}, which is not described.");
                var schema = response.GetProperty("content").GetProperty("application/json").GetProperty("schema");
                Assert.Equal(string.Empty, Faults(schema, JsonDocument.Parse(body).RootElement, "answer"));
            }
        }
    }

    private static bool Matches(string[] path, string[] segments) =>
        path.Length == segments.Length && path.Zip(segments).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.Length > 0));

    /// <summary>What of a value is not as its schema says; empty if nothing.</summary>
    private static string Faults(JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Faults(_document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), value, at);
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            return choices.EnumerateArray().Any(choice => Faults(choice, value, at).Length == 0) ? string.Empty : $"{at} is none of the choices. ";
        }

        if (!schema.TryGetProperty("type", out var type))
        {
            return string.Empty;
        }

        var types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : new[] { type.GetString()! };
        return !types.Any(one => Is(value, one)) ? $"{at} is a {value.ValueKind} and should be {string.Join(" or ", types)}. "
            : value.ValueKind == JsonValueKind.Object ? FaultsOfObject(schema, value, at)
            : value.ValueKind == JsonValueKind.Array ? string.Concat(value.EnumerateArray().Select((item, i) => Faults(schema.GetProperty("items"), item, $"{at}[{i}]")))
            : string.Empty;
    }

    private static string FaultsOfObject(JsonElement schema, JsonElement value, string at)
    {
        var faults = schema.TryGetProperty("required", out var required)
            ? string.Concat(required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at}.{name} is missing. "))
            : string.Empty;
        return faults + string.Concat(value.EnumerateObject().Select(member =>
            schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out var known) ? Faults(known, member.Value, $"{at}.{member.Name}")
            : schema.TryGetProperty("additionalProperties", out var more) ? Faults(more, member.Value, $"{at}.{member.Name}")
            : $"{at}.{member.Name} is not described. "));
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };

    private static string Here([CallerFilePath] string path = "") => path;
}
