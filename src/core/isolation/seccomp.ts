/** The processors for which the kernel's numbers are known here, named as Node names them. */
export type Processor = "x64" | "arm64";

/**
 * System calls that no agent needs, with their numbers on x86-64 and on arm64 (Linux's `asm/unistd_64.h` and
 * `asm-generic/unistd.h`; null where a processor doesn't have one). They reach other processes, keys, mounts, the kernel's
 * own settings, or parts of the kernel in which much has been found. Linux' keys and io_uring aren't in any namespace.
 */
const REFUSED: Readonly<Record<string, readonly [x64: number, arm64: number | null]>> = {
  acct: [163, 89],
  add_key: [248, 217],
  bpf: [321, 280],
  chroot: [161, 51],
  clock_adjtime: [305, 266],
  clock_settime: [227, 112],
  delete_module: [176, 106],
  fanotify_init: [300, 262],
  finit_module: [313, 273],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fspick: [433, 433],
  init_module: [175, 105],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_uring_setup: [425, 425],
  ioperm: [173, null],
  iopl: [172, null],
  kcmp: [312, 272],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  lookup_dcookie: [212, 18],
  mbind: [237, 235],
  migrate_pages: [256, 238],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  move_pages: [279, 239],
  name_to_handle_at: [303, 264],
  nfsservctl: [180, 42],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  perf_event_open: [298, 241],
  personality: [135, 92],
  // It would take the runtime's connection to the bot.
  pidfd_getfd: [438, 438],
  pivot_root: [155, 41],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  ptrace: [101, 117],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  reboot: [169, 142],
  request_key: [249, 218],
  setdomainname: [171, 162],
  sethostname: [170, 161],
  setns: [308, 268],
  settimeofday: [164, 170],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  umount2: [166, 39],
  unshare: [272, 97],
  userfaultfd: [323, 282],
  vhangup: [153, 58],
};

const SOCKET = { x64: 41, arm64: 198 };
const IOCTL = { x64: 16, arm64: 29 };

/**
 * The kinds of sockets that are left: AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. A network namespace doesn't keep AF_VSOCK from
 * the machine's host.
 */
const SOCKET_FAMILIES = [1, 2, 10, 16];
/** TIOCSTI and TIOCLINUX write into a terminal as if somebody had typed it. */
const REFUSED_IOCTLS = [0x5412, 0x541c];

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 (`linux/audit.h`). */
const ARCHITECTURE = { x64: 0xc0_00_00_3e, arm64: 0xc0_00_00_b7 };
/** Calls of the x32 interface have this bit in their number. */
const X32 = 0x40_00_00_00;

/** Places in `struct seccomp_data` (`linux/seccomp.h`); of an argument, the lower half. */
const NUMBER = 0;
const ARCH = 4;
const FIRST_ARGUMENT = 16;
const SECOND_ARGUMENT = 24;

const ALLOW = 0x7f_ff_00_00;
const ERRNO = 0x00_05_00_00;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** One instruction of classic BPF: what to do, how many to jump over if true and if not, and its value. */
type Instruction = readonly [code: number, ifTrue: number, ifNot: number, value: number];

const load = (place: number): Instruction => [0x20, 0, 0, place];
const skipUnlessEqual = (value: number, count: number): Instruction => [0x15, 0, count, value];
const skipIfEqual = (value: number, count: number): Instruction => [0x15, count, 0, value];
const skipUnlessAtLeast = (value: number, count: number): Instruction => [0x35, 0, count, value];
const end = (verdict: number): Instruction => [0x06, 0, 0, verdict];

/**
 * A filter of system calls for `bwrap --seccomp`: whatever it doesn't know is allowed. A process of another architecture
 * than the machine's own can make no call at all.
 */
export function seccompFilter(processor: Processor): Uint8Array {
  const column = processor === "x64" ? 0 : 1;
  const numbers = Object.values(REFUSED).flatMap((call) => call[column] ?? []);
  return assemble([
    load(ARCH),
    skipIfEqual(ARCHITECTURE[processor], 1),
    end(ERRNO | ENOSYS),
    load(NUMBER),
    ...(processor === "x64" ? [skipUnlessAtLeast(X32, 1), end(ERRNO | ENOSYS)] : []),
    ...numbers.flatMap((number) => [skipUnlessEqual(number, 1), end(ERRNO | EPERM)]),
    // Each of these ends in a verdict, so that the number needn't be loaded again.
    skipUnlessEqual(SOCKET[processor], 1 + SOCKET_FAMILIES.length * 2 + 1),
    load(FIRST_ARGUMENT),
    ...SOCKET_FAMILIES.flatMap((family) => [skipUnlessEqual(family, 1), end(ALLOW)]),
    end(ERRNO | EAFNOSUPPORT),
    skipUnlessEqual(IOCTL[processor], 1 + REFUSED_IOCTLS.length * 2),
    load(SECOND_ARGUMENT),
    ...REFUSED_IOCTLS.flatMap((request) => [skipUnlessEqual(request, 1), end(ERRNO | EPERM)]),
    end(ALLOW),
  ]);
}

/** As `struct sock_filter` is laid out (`linux/filter.h`), in the byte order of both processors. */
function assemble(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, [code, ifTrue, ifNot, value]] of instructions.entries()) {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, ifTrue);
    view.setUint8(index * 8 + 3, ifNot);
    view.setUint32(index * 8 + 4, value, true);
  }
  return bytes;
}
