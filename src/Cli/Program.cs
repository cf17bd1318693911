using CioOrleans.Cli.Commands;

return await CliApplication.RunAsync(args);
