using System.Text.Json.Serialization;

namespace CioOrleans.Sandbox.Calls;

/// <summary>Why v2 refuses an operation.</summary>
/// <param name="Reason">The reason, as one word.</param>
/// <param name="Field">The field at fault.</param>
/// <param name="Message">The message, as a sentence.</param>
/// <param name="BatchIndex">The index of the operation in its batch, from 0; null outside a batch.</param>
internal sealed record V2Error(
    [property: JsonPropertyName("reason")] string Reason,
    [property: JsonPropertyName("field")] string Field,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("batch_index"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? BatchIndex = null);
