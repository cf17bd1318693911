namespace CioOrleans.Cluster;

/// <summary>A silo that would do harm ends at its start with one line that says why, and the cluster does not notice.</summary>
public sealed class RefusedStartTests(SharedCluster shared, ITestOutputHelper output) : FaultTest(shared, output)
{
    /// <summary>Moves the wall clock that a process sees, and not the monotonic one.</summary>
    private const string ClockShim =
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdlib.h>
        #include <sys/time.h>
        #include <time.h>
        static long ahead(void) { const char* text = getenv("CLOCK_AHEAD"); return text ? atol(text) : 0; }
        int clock_gettime(clockid_t id, struct timespec* now)
        {
            int (*real)(clockid_t, struct timespec*) = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
            int result = real(id, now);
            if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += ahead();
            return result;
        }
        int gettimeofday(struct timeval* now, void* zone)
        {
            struct timespec at;
            int result = clock_gettime(CLOCK_REALTIME, &at);
            now->tv_sec = at.tv_sec;
            now->tv_usec = at.tv_nsec / 1000;
            return result;
        }
        """;

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_silo_whose_clock_is_five_minutes_ahead_names_the_difference_and_ends()
    {
        using var folder = new DataFolder();
        var shim = await CompileShimAsync(folder.Path);
        Assert.SkipWhen(shim is null, "There is no gcc to build the shim that moves a process's clock.");

        var lines = await StartAndEndAsync(new Dictionary<string, string> { ["LD_PRELOAD"] = shim!, ["CLOCK_AHEAD"] = "300" });

        var line = Assert.Single(lines, line => line.Contains("clock", StringComparison.OrdinalIgnoreCase));
        Assert.Matches("(299|300)", line);
    }

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_silo_of_another_cluster_on_the_same_database_names_both_and_ends()
    {
        var lines = await StartAndEndAsync(new Dictionary<string, string> { ["Dispatcher__Cluster__ClusterId"] = "other" });

        var line = Assert.Single(lines, line => line.Contains("The cluster 'cio' uses this database", StringComparison.Ordinal));
        Assert.Contains("'other'", line, StringComparison.Ordinal);
    }

    /// <summary>Starts one more silo, which must end by itself. Returns what it wrote.</summary>
    private async Task<string[]> StartAndEndAsync(Dictionary<string, string> settings)
    {
        await Cluster.HealAsync();
        var (owner, epoch) = (await Cluster.OwnerAsync(), await Cluster.EpochAsync());
        var silo = await Cluster.AddSiloAsync(settings);
        try
        {
            silo.Process.Begin();
            var code = await silo.Process.WaitForEndAsync();
            Output.WriteLine(silo.Process.Output);

            Assert.NotEqual(0, code);
            Assert.Same(owner, await Cluster.OwnerAsync());
            Assert.Equal(epoch, await Cluster.EpochAsync());
            return silo.Process.Output.Split('\n');
        }
        finally
        {
            await Cluster.RetireAsync(silo);
        }
    }

    private static async Task<string?> CompileShimAsync(string folder)
    {
        var (source, shim) = (Path.Combine(folder, "clock.c"), Path.Combine(folder, "clock.so"));
        await File.WriteAllTextAsync(source, ClockShim);
        try
        {
            await using var compiler = ChildProcess.Start("gcc", ["-shared", "-fPIC", "-o", shim, source, "-ldl"]);
            return await compiler.WaitAsync() == 0 ? shim : throw new InvalidOperationException(compiler.Output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
