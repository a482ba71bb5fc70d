# The bot as an image, for linux/amd64 and linux/arm64. What only makes it (packages, the bundle) is made on the machine's
# own architecture; Node is the image's own.
FROM --platform=$BUILDPLATFORM node:24.21.0-bookworm-slim AS bundle
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY rolldown.config.ts ./
COPY script script
COPY src src
RUN npx rolldown -c && chmod +x dist/program.js

# What runs beside the bundle: the Copilot runtime, for the image's architecture.
FROM --platform=$BUILDPLATFORM node:24.21.0-bookworm-slim AS packages
ARG TARGETARCH
WORKDIR /app
COPY package.json package-lock.json ./
RUN cpu=$(echo "$TARGETARCH" | sed s/amd64/x64/) \
  && npm ci --omit=dev --os=linux --cpu="$cpu" --libc=glibc --no-audit --no-fund \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node \
  && test -e node_modules/@github/copilot-linux-"$cpu"

FROM node:24.21.0-bookworm-slim AS bot
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tini \
  && rm -rf /var/lib/apt/lists/*
# Less memory, and a quicker start with what was compiled when the image was built: docs/performance.md.
ENV NODE_ENV=production DATA_DIR=/data MALLOC_ARENA_MAX=2 NODE_COMPILE_CACHE=/app/compiled
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE app.yml ./
COPY --from=bundle /app/dist dist
RUN mkdir /data compiled && chown node:node /data compiled && ln -s /app/dist/program.js /usr/local/bin/copilot-task-bot
USER node
RUN copilot-task-bot compile
VOLUME /data
EXPOSE 3000
HEALTHCHECK CMD node -e "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"
ENTRYPOINT ["tini", "--"]
CMD ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=4", "--no-concurrent-recompilation", "dist/main.js"]

# The same for sessions on the bot's own machine (docs/self-hosted.md): docker build --target self-hosted
FROM bot AS self-hosted
USER root
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap git socat util-linux \
  && rm -rf /var/lib/apt/lists/*
USER node

# What's built without a target.
FROM bot
