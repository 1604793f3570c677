import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface StreamVideoProps {
  of: MediaStream | MediaStreamTrack;
  label: string;
  className: string;
}

/** A moving picture of a call. Its sound is heard elsewhere. */
export const StreamVideo: FunctionComponent<StreamVideoProps> = ({ of, label, className }) => {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const { current } = video;
    if (!current) return undefined;
    current.srcObject = of instanceof MediaStream ? of : new MediaStream([of]);
    void current.play().catch(() => undefined);
    return () => void (current.srcObject = null);
  }, [of]);
  return <video ref={video} class={className} aria-label={label} autoplay playsInline muted disablePictureInPicture />;
};
