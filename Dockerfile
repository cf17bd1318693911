# Front-end, silo and sandbox: one file, one target each (docker build --target silo .). No secret is in any of them; settings come
# from the environment. deploy/publish.sh is what .ci/run runs too.
FROM mcr.microsoft.com/dotnet/sdk:10.0-alpine AS build
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
COPY . .
RUN sh deploy/publish.sh /published

FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine AS base
WORKDIR /app
# The folder of the front-end's SQLite file. The image's user is not root and owns no other folder.
RUN mkdir data && chown $APP_UID data
USER $APP_UID
# Readiness and not liveness: the services that depend on it need it to serve. A ready process is not ready again only while it stops.
HEALTHCHECK --interval=2s --timeout=2s --start-period=60s --retries=5 CMD wget -q -O /dev/null "$HEALTH_URL" || exit 1

FROM base AS sandbox
ENV Sandbox__Url=http://0.0.0.0:5081 HEALTH_URL=http://127.0.0.1:5081/sandbox
EXPOSE 5081
COPY --from=build /published/sandbox .
ENTRYPOINT ["dotnet", "CioOrleans.Sandbox.dll"]

FROM base AS silo
ENV Urls=http://0.0.0.0:5082 HEALTH_URL=http://127.0.0.1:5082/health/ready Dispatcher__Cluster__Mode=Silo Dispatcher__Storage__Provider=Postgres
EXPOSE 5079 5082 11111 30000
COPY --from=build /published/silo .
ENTRYPOINT ["dotnet", "CioOrleans.Silo.dll"]

FROM base AS api
ENV Urls=http://0.0.0.0:5080 HEALTH_URL=http://127.0.0.1:5080/health/ready
EXPOSE 5079 5080
VOLUME /app/data
COPY --from=build /published/api .
ENTRYPOINT ["dotnet", "CioOrleans.Api.dll"]
