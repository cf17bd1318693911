namespace CioOrleans.Testing;

/// <summary>Time-outs of whole tests, in milliseconds. They end a test that hangs; each wait in it has a shorter bound and says what it waited for.</summary>
public static class TestTimeout
{
    /// <summary>For a test that starts processes: five minutes, of which it needs one at most on a quiet machine.</summary>
    public const int OfProcesses = 5 * 60 * 1000;

    /// <summary>For a test that may have to build another version first: ten minutes.</summary>
    public const int OfBuilds = 10 * 60 * 1000;
}
