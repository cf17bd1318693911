using System.Text.Json.Serialization;

namespace CioOrleans.Sandbox.Calls;

/// <summary>Why v2 refuses an operation.</summary>
/// <param name="Reason">In a word.</param>
/// <param name="Field">The field at fault.</param>
/// <param name="Message">In a sentence.</param>
/// <param name="BatchIndex">Which operation of a batch, from 0; null outside of one.</param>
internal sealed record V2Error(
    [property: JsonPropertyName("reason")] string Reason,
    [property: JsonPropertyName("field")] string Field,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("batch_index"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? BatchIndex = null);
