namespace CioOrleans.Api.Answers;

/// <summary>Why a request was refused.</summary>
/// <param name="Status">The HTTP status to answer.</param>
/// <param name="Message">What is wrong and what to do, for the caller. Contains nothing from the body.</param>
internal sealed record Refusal(int Status, string Message)
{
    /// <summary>What else is wrong, one message a problem (default: nothing). Only <see cref="ErrorShape.Pipelines"/> reports it.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    public static Refusal BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);

    /// <summary>Refuses a request for one or more reasons.</summary>
    public static Refusal BadRequest(IReadOnlyList<string> messages) => BadRequest(messages[0]) with { Others = [.. messages.Skip(1)] };
}
