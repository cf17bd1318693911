using CioOrleans.Calls;
using CioOrleans.Limits;

namespace CioOrleans.Simulation;

internal readonly record struct SimulatedCall(
    long Sequence,
    LimitClass Class,
    CallPriority Priority,
    bool IsPoison,
    bool IsRefused,
    bool IsUnsendable,
    TimeSpan OpensAt);
