using System.Text.Json;
using System.Text.Json.Serialization;
using CioOrleans.Cli.Imports;

namespace CioOrleans.Cli.Connection;

/// <summary>The types that are read and written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ImportState))]
[JsonSerializable(typeof(ImportProgress))]
internal sealed partial class CliJson : JsonSerializerContext;
