using System.Collections.Concurrent;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;

namespace CioOrleans.CoHosted.Tests.Client;

/// <summary>Takes the place of everything behind the grains. What it answers depends on the workspace.</summary>
public sealed class Recorder
{
    public const string Recording = "recording";
    public const string Refusing = "refusing";
    public const string TimingOut = "timing-out";
    public const string WithoutSilo = "without-silo";
    public const string Failing = "failing";
    public const string Hanging = "hanging";
    public const string Unknown = "unknown";

    public static readonly AcceptResult.Unavailable Refusal = new("The disk is full.", TimeSpan.FromSeconds(3));

    private readonly ConcurrentQueue<RecordedCall> _calls = new();

    /// <summary>Completes when a call has come to the workspace that hangs.</summary>
    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets the calls of the workspace that hangs go.</summary>
    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The calls that came to a customer or, of a merge, to its primary.</summary>
    public IReadOnlyList<RecordedCall> CallsOf(string customer) => [.. _calls.Where(call => call.Grain.EndsWith($"{new CustomerAddress(string.Empty, customer)}", StringComparison.Ordinal))];

    public async ValueTask<AcceptResult> Accept(string grain, string workspace, Call call, AcceptDeadline deadline)
    {
        switch (workspace)
        {
            case Refusing:
                return Refusal;
            case TimingOut:
                throw new TimeoutException();
            case WithoutSilo:
                throw new SiloUnavailableException();
            case Failing:
                throw new IOException("A grain that fails.");
            case Hanging:
                Arrived.TrySetResult();
                await Released.Task;
                break;
        }

        _calls.Enqueue(new RecordedCall(grain, call, deadline));
        return AcceptResult.Accepted.Instance;
    }

    public static void Activate(string workspace)
    {
        if (workspace == Unknown)
        {
            throw new UnknownWorkspaceException(workspace);
        }
    }
}
