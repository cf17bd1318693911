namespace CioOrleans.Api.TrackV2;

/// <summary>What is wrong with an operation, or with a whole request, in Track v2's terms.</summary>
/// <param name="Reason">In a word: <c>malformed</c>, <c>required</c>, <c>invalid</c>, <c>size</c>.</param>
/// <param name="Field">The member at fault; empty where it is the whole.</param>
/// <param name="Message">For the caller: what is wrong and what to do. Holds nothing of the body.</param>
internal sealed record OperationError(string Reason, string Field, string Message)
{
    public static OperationError Required(string field, string message) => new("required", field, message);

    public static OperationError Invalid(string field, string message) => new("invalid", field, message);

    public static OperationError Malformed(string message) => new("malformed", "", message);

    public static OperationError Size(string field, string message) => new("size", field, message);
}
