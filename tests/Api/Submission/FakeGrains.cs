using System.Reflection;

namespace CioOrleans.Api.Tests.Submission;

/// <summary>A grain factory, or a grain, that answers every call from one function.</summary>
public class FakeGrains : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = (_, _) => null;

    public static T Create<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var proxy = Create<T, FakeGrains>();
        ((FakeGrains)(object)proxy)._answer = answer;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args!);
}
